/** Random streams: each is decided by a seed and its labels, so none depends on what the others have drawn. */
import { createHash } from 'node:crypto';
import type { RandomSource } from 'posenc';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/**
 * A stream of random numbers (xoroshiro128+, started from a SHA-256 of seed and labels).
 *
 * @param labels - what the stream is for, e.g. `'batch', 17`: equal seeds and labels give equal streams
 * @throws {RangeError} when the seed is not an integer
 */
export function createRandom(seed: number, ...labels: readonly (string | number)[]): RandomSource {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed: expected an integer, got ${String(seed)}`);
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, ...labels]))
    .digest();
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((at) => digest.readInt32LE(at)));
  const uniform = (): number => uniformFloat64(generator);
  let spare: number | undefined;
  return {
    uniform,
    // Box and Muller 1958: two normal draws from two uniform ones; 1 − u is never 0.
    normal: () => {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      const angle = 2 * Math.PI * uniform();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
  };
}
