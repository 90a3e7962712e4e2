/** Compiles functions of arrays with jax-js and differentiates them, with ownership hidden. */
import { jit as rawJit, valueAndGrad } from '@jax-js/jax';
import { borrow, holdsMemory, type JaxArray, own, scoped } from './ownership.ts';
import { leaves, mapTree } from './tree.ts';

/** A compiled function. Arguments are borrowed; the results are the caller's, or the innermost `tidy`'s. */
export interface Compiled<Arguments extends readonly unknown[], Result> {
  (...inputs: Arguments): Result;
  /** Frees the constants that the compiled function holds. It must not be called afterwards. */
  dispose(): void;
}

/**
 * Compiles `f` at its first call with each new set of shapes, and runs the compiled program from then on.
 *
 * `f` runs once per set of shapes, with stand-ins for its arguments. So it must not read values, and anything it takes
 * from outside (numbers, arrays, draws of a random generator) is fixed when it is first called: pass what changes as
 * an argument. Each new shape costs a compilation of tenths of a second; pad to few lengths.
 *
 * @param f - from arrays, lists and records of arrays (nested at will) to the same
 * @throws {TypeError} when an argument or a result holds something else, named by its path
 *
 * @example
 * ```ts
 * import { fromPlain, initializeJax, jaxOperations, jit, toPlain } from 'posenc/jax';
 * import { tensor } from 'posenc/tensor';
 *
 * await initializeJax();
 * const double = jit(({ x }: { x: ReturnType<typeof fromPlain> }) => ({ y: jaxOperations.multiply(x, 2) }));
 * const { y } = double({ x: fromPlain(tensor([3], [1, 2, 3])) });
 * toPlain(y).data; // Float64Array [2, 4, 6]
 * ```
 */
export function jit<Arguments extends readonly unknown[], Result>(
  f: (...inputs: Arguments) => Result,
): Compiled<Arguments, Result> {
  // The scope inside the trace frees the tables and masks that `f` makes while it is traced.
  const traced = (...inputs: unknown[]): JaxArray =>
    scoped('jit: result', () => f(...(inputs as unknown as Arguments))) as JaxArray;
  const program = rawJit(traced);
  const call = (...inputs: Arguments): Result => {
    const borrowed = inputs.map((input, index) => mapTree(`jit: argument ${index}`, input, borrow));
    const result = program(...(borrowed as JaxArray[]));
    for (const x of leaves('jit: result', result)) own(x);
    return result as Result;
  };
  return Object.assign(call, { dispose: () => program.dispose() });
}

/**
 * The function that gives `f`'s value and its gradient with respect to the first argument, in the same shape of lists
 * and records. To be called inside `jit` only.
 *
 * @param f - from real parameters, and whatever else, to one number of any shape made of ones
 * @throws {Error} when called outside `jit`, where jax-js would leak every array involved
 * @throws {RangeError} when `f` gives more than one number
 */
export function valueAndGradient<Parameters, Rest extends readonly unknown[]>(
  f: (parameters: Parameters, ...rest: Rest) => JaxArray,
): (parameters: Parameters, ...rest: Rest) => { readonly value: JaxArray; readonly gradients: Parameters } {
  return (parameters, ...rest) => {
    if (leaves('valueAndGradient: parameters', parameters).some(holdsMemory)) {
      throw new Error('valueAndGradient: expected to be called inside jit on its arguments, got arrays with values');
    }
    const scalar = (inner: JaxArray): JaxArray => {
      const value = f(inner as unknown as Parameters, ...rest);
      if (value.size !== 1) {
        throw new RangeError(`valueAndGradient: expected one number, got shape [${value.shape.join(', ')}]`);
      }
      return value.ref.reshape([]);
    };
    const [value, gradients] = valueAndGrad(scalar)(parameters as unknown as JaxArray);
    return { value, gradients: gradients as unknown as Parameters };
  };
}
