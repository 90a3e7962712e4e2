/**
 * Hides jax-js's ownership of arrays: its operations consume their arguments and nothing is freed by the garbage
 * collector. Here every operation borrows its arguments, and whatever is made inside `tidy` is freed at its end.
 * This file knows nothing of which operations there are.
 */
import { Array as JaxArrayClass, type numpy } from '@jax-js/jax';
import { leaves, mapTree } from './tree.ts';

/** An array of jax-js, or a tracer that stands for one while `jit` traces a function. Live until disposed of. */
export type JaxArray = numpy.Array;

/**
 * The arrays made by each `tidy` that is running, innermost last.
 *
 * This is the package's only module-level state. It cannot be passed along: `Operations` must be one plain value that
 * generic code calls without knowing the engine, and jax-js's own stack of traces is global in the same way. It is
 * empty whenever no `tidy` is running, and `tidy` is synchronous, so two callers never see each other's scope.
 *
 * Each scope is a list and not a set: some operations return their own input with one more reference (a cast to the
 * same type does), and then one disposal per registration is right.
 */
const scopes: JaxArray[][] = [];

/** Whether this is an array with memory, and not a tracer, which holds none. */
export function holdsMemory(x: unknown): x is JaxArray {
  return x instanceof JaxArrayClass;
}

/** Gives an array to the innermost `tidy`, which will free it. Outside any, it stays the caller's. */
export function own(x: JaxArray): JaxArray {
  if (holdsMemory(x)) scopes.at(-1)?.push(x);
  return x;
}

/** A reference that a consuming operation of jax-js may use up. */
export function borrow(x: JaxArray): JaxArray {
  return x.ref;
}

/**
 * Runs `f` and frees every array made inside, except those it returns.
 *
 * @param f - synchronous; returns an array, or a list or record (nested at will) of arrays
 * @throws {TypeError} when something else is among the results, such as a promise
 *
 * @example
 * ```ts
 * import { initializeJax, jaxOperations, fromPlain, tidy, toPlain } from 'posenc/jax';
 * import { tensor } from 'posenc/tensor';
 *
 * await initializeJax();
 * const x = fromPlain(tensor([2], [3, 4]));
 * const norm = tidy(() => {
 *   const { multiply, sqrt, sum } = jaxOperations;
 *   return sqrt(sum(multiply(x, x), 0));
 * });
 * toPlain(norm).data; // Float64Array [5]
 * ```
 */
export function tidy<Result>(f: () => Result): Result {
  const result = scoped('tidy: result', f);
  for (const x of leaves('tidy: result', result)) own(x);
  return result;
}

/** As `tidy`, but the results belong to no scope: for handing them on to jax-js, which consumes them. */
export function scoped<Result>(name: string, f: () => Result): Result {
  const scope: JaxArray[] = [];
  scopes.push(scope);
  try {
    return mapTree(name, f(), borrow);
  } finally {
    scopes.pop();
    for (const x of scope) x.dispose();
  }
}

/** Frees the arrays of a list or record (nested at will). They must not be used afterwards. */
export function dispose(tree: unknown): void {
  for (const x of leaves('dispose', tree)) x.dispose();
}
