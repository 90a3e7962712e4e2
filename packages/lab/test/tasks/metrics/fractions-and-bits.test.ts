import { expect, test } from 'vitest';
import { fractionRight } from '../../../src/tasks/metrics/accuracy.ts';
import { bitsPerCharacter } from '../../../src/tasks/metrics/bits-per-character.ts';

test('a uniform guess among 2^k characters costs k bits a character', () => {
  expect(bitsPerCharacter(100 * Math.log(32), 100)).toBeCloseTo(5, 14);
  expect(bitsPerCharacter(100 * Math.log(32), 200)).toBeCloseTo(2.5, 14);
});

test('the fraction right counts the items that are', () => {
  expect(fractionRight([1, 2, 3, 4], (item, index) => item > 1 && index < 3)).toBe(0.5);
});
