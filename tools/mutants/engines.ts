/** Mistakes in the engines that tests must notice. */
import { type Mutant, mutantsOf } from './mutant.ts';

export const engineMutants: readonly Mutant[] = [
  ...mutantsOf('tensor/float64/elementwise.ts', 'tensor/float64.test.ts', [
    ['where: branches swapped', '(flag !== 0 ? left[i] : right[i])', '(flag === 0 ? left[i] : right[i])'],
  ]),
  ...mutantsOf('tensor/float64/erf.ts', 'tensor/float64.test.ts', [
    ['erf: one term of the series wrong', '(2 * n + 3)', '(2 * n + 2)'],
    ['erf: continued fraction cut short', 'level = 60', 'level = 10'],
  ]),
  ...mutantsOf('tensor/float64/reductions.ts', 'tensor/float64.test.ts', [
    ['softmax: largest value not subtracted', 'Math.exp(element - largest)', 'Math.exp(element)'],
  ]),
  ...mutantsOf('tensor/float64/layout.ts', 'tensor/float64.test.ts', [
    ['take: rows past the table accepted', 'row < 0 || row >= rows', 'row < 0'],
    [
      'permute: axes inverted',
      'order.map((axis) => strides[axis] as number)',
      'order.map((_, at) => strides[order.indexOf(at)] as number)',
    ],
  ]),
  ...mutantsOf('tensor/gradient/elementwise.ts', 'tensor/gradient.test.ts', [
    ['gradient of divide: sign lost', 'plain.multiply(a, -1)', 'a'],
    ['gradient of maximum: ties go to one side', 'gap < 0 ? 0 : 0.5', 'gap < 0 ? 0 : 1'],
    [
      'gradient of broadcasting: not summed',
      'if (repeated) total = plain.sum(total, axis);',
      'if (repeated) total = plain.slice(total, axis, 0, 1);',
    ],
  ]),
  ...mutantsOf('tensor/gradient/layout.ts', 'tensor/gradient.test.ts', [
    ['gradient of take: repeated rows overwrite', '(data[row * width + i] as number) + (cotangent', '(cotangent'],
    ['gradient of permute: same order again', 'order.map((_, axis) => order.indexOf(axis))', 'order'],
  ]),
  ...mutantsOf('tensor/gradient/reductions.ts', 'tensor/gradient.test.ts', [
    ['gradient of softmax: mean forgotten', 'plain.subtract(cotangent, mean)', 'cotangent'],
    ['gradient of max: ties not shared', 'plain.divide(isLargest, plain.sum(isLargest, axis))', 'isLargest'],
    [
      'gradient of cumulativeSum: element left out',
      'plain.subtract(plain.sum(cotangent, axis), before)',
      'plain.subtract(plain.subtract(plain.sum(cotangent, axis), before), cotangent)',
    ],
  ]),
  ...mutantsOf('tensor/gradient/tape.ts', 'tensor/gradient.test.ts', [
    [
      'gradient: values used twice counted once',
      'before === undefined ? share : float64Operations.add(before, share)',
      'share',
    ],
  ]),
  ...mutantsOf('engines/jax/operations.ts', 'conformance.test.ts', [
    [
      'jax: integers not made real',
      'return x.dtype === numpy.float32 ? borrow(x) : borrow(x).astype(numpy.float32);',
      'return borrow(x);',
    ],
  ]),
  ...mutantsOf('engines/jax/matmul.ts', 'conformance.test.ts', [
    [
      'jax: leading axes not aligned',
      'numpy.matmul(padRank(a, shape.length), padRank(b, shape.length))',
      'numpy.matmul(a, b)',
    ],
  ]),
  ...mutantsOf('engines/jax/elementwise.ts', 'conformance.test.ts', [
    [
      'jax: sigmoid overflows',
      'const power = numpy.exp(x.mul(numpy.where(negative.ref, 1, -1)));',
      'if (x.size > 0) return numpy.reciprocal(numpy.exp(numpy.negative(x)).add(1));\n  const power = numpy.exp(x);',
    ],
    ['jax: log without its Newton step', 'numpy.where(finite, step, 0)', 'numpy.where(finite, 0, 0)'],
    [
      'jax: ties of maximum go to one side',
      'numpy.less(again(a), again(b)), again(b), half)',
      'numpy.less(again(a), again(b)), again(b), again(a))',
    ],
  ]),
  ...mutantsOf('engines/jax/slice.ts', 'conformance.test.ts', [
    [
      'jax: gradient of slice is wrong for a constant cotangent',
      'return numpy.where(numpy.equal(part.ref, part.ref), part, Number.NaN);',
      'return part;',
    ],
  ]),
  ...mutantsOf('engines/jax/take.ts', 'engines/jax/values.test.ts', [
    ['jax: rows that do not exist are some other row', 'Number.NaN', '0'],
  ]),
  ...mutantsOf('engines/jax/take.ts', 'conformance.test.ts', [
    [
      'jax: gradient of take does not compile',
      'return numpy.where(inside.reshape([...indices.shape, ...rowAxes]), rows, outside);',
      'return rows;',
    ],
  ]),
  ...mutantsOf('engines/jax/ownership.ts', 'engines/jax/ownership.test.ts', [
    ['jax: results are never freed', 'scopes.at(-1)?.push(x)', 'scopes.at(0)'],
    [
      'jax: nothing is freed when a function throws',
      '  } finally {\n    scopes.pop();',
      '  } catch (error) {\n    scopes.pop(); throw error;\n  } finally {\n    if (scopes.at(-1) !== scope) return undefined as never; scopes.pop();',
    ],
    ['jax: operations use up their arguments', 'return x.ref;', 'return x;'],
  ]),
  ...mutantsOf('engines/jax/compile.ts', 'engines/jax/memory.test.ts', [
    [
      'jax: constants made while tracing are kept',
      "scoped('jit: result', () => f(...(inputs as unknown as Arguments))) as JaxArray",
      'f(...(inputs as unknown as Arguments)) as unknown as JaxArray',
    ],
  ]),
  ...mutantsOf('engines/jax/tree.ts', 'engines/jax/ownership.test.ts', [
    ['jax: compiled anew for another order of keys', 'Object.keys(node).sort()', 'Object.keys(node)'],
  ]),
];
