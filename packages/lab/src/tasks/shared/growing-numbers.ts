/**
 * Numbers one after the other in a single array that grows: of a million short lists, arrays of their own would take ten
 * times the memory. Knows nothing of what the numbers mean.
 */

const GROWTH = 1.5;
const START = 1024;

/** Whole numbers of 16 or of 32 bits. */
type Numbers = Uint16Array | Int32Array;

/** An array that lists are appended to. */
export class GrowingNumbers<Kind extends Numbers> {
  readonly #make: (length: number) => Kind;
  #all: Kind;
  #length = 0;

  /** @param make - an array of so many numbers */
  constructor(make: (length: number) => Kind) {
    this.#make = make;
    this.#all = make(START);
  }

  get length(): number {
    return this.#length;
  }

  append(numbers: Numbers): void {
    const end = this.#length + numbers.length;
    if (end > this.#all.length) {
      const grown = this.#make(Math.ceil(Math.max(end, this.#all.length * GROWTH)));
      grown.set(this.#all);
      this.#all = grown;
    }
    this.#all.set(numbers, this.#length);
    this.#length = end;
  }

  /** Numbers from `start` up to, not including, `end`: a view, not a copy. */
  at(start: number, end: number): Kind {
    return this.#all.subarray(start, end) as Kind;
  }
}
