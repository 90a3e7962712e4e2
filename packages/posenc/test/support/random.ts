/** Seeded numbers for tests. */
import type { RandomSource } from 'posenc';
import { type PlainTensor, tensor } from 'posenc/tensor';

/** A stream of draws that depends on the seed alone (Marsaglia's 32-bit xorshift). */
export function createTestRandom(seed: number): RandomSource {
  let state = (seed * 2654435761) >>> 0 || 1;
  const uniform = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

/** A tensor of standard normal draws. */
export function randomTensor(shape: readonly number[], random: RandomSource): PlainTensor {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return tensor(
    shape,
    Array.from({ length: size }, () => random.normal()),
  );
}
