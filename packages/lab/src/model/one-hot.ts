/** Numbers as rows with a single 1. Knows no model and no task. */
import type { Operations } from 'posenc/tensor';

/**
 * 1 at each number, [N, classes]. A table of W columns, W² ≥ classes, has its answer in one row and one column: two
 * tables of classes · W numbers say which, where an identity matrix would take classes².
 *
 * @param numbers - integers [N], each from 0 up to, not including, `classes`
 */
export function oneHot<T>(operations: Operations<T>, numbers: T, classes: number): T {
  const { constant, multiply, reshape, shape, slice, take } = operations;
  const [N] = shape(numbers) as [number];
  const width = Math.ceil(Math.sqrt(classes));
  const table = (placeOf: (answer: number) => number): T => {
    const data = new Float64Array(classes * width);
    for (let answer = 0; answer < classes; answer += 1) data[answer * width + placeOf(answer)] = 1;
    return take(constant({ shape: [classes, width], data, type: 'real' }), numbers); // [N, W]
  };
  const row = reshape(
    table((answer) => Math.floor(answer / width)),
    [N, width, 1],
  );
  const column = reshape(
    table((answer) => answer % width),
    [N, 1, width],
  );
  return slice(reshape(multiply(row, column), [N, width * width]), -1, 0, classes);
}
