/** Checks of arguments, each with an error that says what was expected and what came. */

/**
 * Returns `value` if it is an integer of at least `minimum`.
 *
 * @throws {RangeError} otherwise, naming the argument
 */
export function checkCount(name: string, value: number, minimum = 1): number {
  if (!Number.isSafeInteger(value) || value < minimum) {
    throw new RangeError(`${name}: expected an integer of at least ${minimum}, got ${String(value)}`);
  }
  return value;
}

/**
 * Returns `value` if it is a finite number above 0.
 *
 * @throws {RangeError} otherwise, naming the argument
 */
export function checkPositive(name: string, value: number): number {
  if (!(Number.isFinite(value) && value > 0)) {
    throw new RangeError(`${name}: expected a finite number above 0, got ${String(value)}`);
  }
  return value;
}

/**
 * Returns the cells along each axis of a grid if there is an axis and each has a cell.
 *
 * @throws {RangeError} otherwise, naming the argument
 */
export function checkExtents(name: string, extents: readonly number[]): readonly number[] {
  checkCount(`${name}: extents: axes`, extents.length);
  extents.forEach((extent, axis) => {
    checkCount(`${name}: extents: axis ${axis}`, extent);
  });
  return extents;
}

/**
 * Returns `value` if it is one of `choices`.
 *
 * @throws {RangeError} otherwise, naming the argument and the choices
 */
export function checkChoice<Choice extends string>(name: string, value: Choice, choices: readonly Choice[]): Choice {
  if (!choices.includes(value)) {
    throw new RangeError(`${name}: expected one of ${choices.join(', ')}, got ${String(value)}`);
  }
  return value;
}

/**
 * Returns `value` if it is a finite number of at least 1: a factor by which something is stretched.
 *
 * @throws {RangeError} otherwise, naming the argument
 */
export function checkFactor(name: string, value: number): number {
  if (!(Number.isFinite(value) && value >= 1)) {
    throw new RangeError(`${name}: expected a finite number of at least 1, got ${String(value)}`);
  }
  return value;
}
