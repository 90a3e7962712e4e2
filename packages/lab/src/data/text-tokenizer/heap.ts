/** A queue that gives the smallest entry first. Knows nothing of what its numbers mean. */

/** Entries of two numbers, ordered by the first and, where that is equal, by the second. */
export class Heap {
  readonly #first: number[] = [];
  readonly #second: number[] = [];

  get size(): number {
    return this.#first.length;
  }

  push(first: number, second: number): void {
    let at = this.#first.length;
    this.#first.push(first);
    this.#second.push(second);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** Removes and returns the smallest entry; undefined when the queue is empty. */
  pop(): readonly [first: number, second: number] | undefined {
    const last = this.#first.length - 1;
    if (last < 0) return undefined;
    this.#swap(0, last);
    const smallest = [this.#first.pop() as number, this.#second.pop() as number] as const;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= last) return smallest;
      const child = left + 1 < last && this.#isBefore(left + 1, left) ? left + 1 : left;
      if (!this.#isBefore(child, at)) return smallest;
      this.#swap(at, child);
      at = child;
    }
  }

  #isBefore(a: number, b: number): boolean {
    const difference = (this.#first[a] as number) - (this.#first[b] as number);
    return difference < 0 || (difference === 0 && (this.#second[a] as number) < (this.#second[b] as number));
  }

  #swap(a: number, b: number): void {
    for (const numbers of [this.#first, this.#second]) {
      const kept = numbers[a] as number;
      numbers[a] = numbers[b] as number;
      numbers[b] = kept;
    }
  }
}
