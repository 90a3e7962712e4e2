/** Guesses of the next token that know no order. */
import { expect, test } from 'vitest';
import { bagNats, fitStrength, frequencyNats, tokenFrequencies } from '../../src/tasks/language/language-baselines.ts';

const windowOf = (...tokens: number[]) => ({
  document: { name: 'text', tokens: Uint16Array.from(tokens) },
  end: tokens.length,
});

test('frequencies are counts in training texts and one more', () => {
  const train = [{ name: 'a', tokens: Uint16Array.of(2, 2, 3) }];
  expect([...tokenFrequencies(train, 5)]).toEqual([1 / 8, 1 / 8, 3 / 8, 2 / 8, 1 / 8]);
  // The last two of the window are scored; token 1 stands for unknown characters and never is.
  expect(frequencyNats([windowOf(4, 2, 3)], 2, tokenFrequencies(train, 5))).toBeCloseTo(
    Math.log(8 / 3) + Math.log(4),
    14,
  );
  expect(frequencyNats([windowOf(4, 2, 1)], 2, tokenFrequencies(train, 5))).toBeCloseTo(Math.log(8 / 3), 14);
});

test('the bag of the tokens before shifts frequencies, computed by hand', () => {
  const frequencies = Float64Array.of(0, 0.1, 0.4, 0.3, 0.2);
  // Before the first scored token (2): 3, 2. Before the second (3): 3, 2, 2. Token 4 is out of reach at length 3.
  const expected = -Math.log((1 + 5 * 0.4) / (2 + 5)) - Math.log((1 + 5 * 0.3) / (3 + 5));
  expect(bagNats([windowOf(4, 3, 2, 2, 3)], { scored: 2, length: 3 }, frequencies, 5)).toBeCloseTo(expected, 14);
  // One more in reach: 4, 3, 2.
  const longer = -Math.log((1 + 5 * 0.4) / (3 + 5)) - Math.log((1 + 5 * 0.3) / (4 + 5));
  expect(bagNats([windowOf(4, 3, 2, 2, 3)], { scored: 2, length: 4 }, frequencies, 5)).toBeCloseTo(longer, 14);
  // Windows know nothing of each other.
  const two = [windowOf(4, 3, 2, 2, 3), windowOf(4, 3, 2, 2, 3)];
  expect(bagNats(two, { scored: 2, length: 3 }, frequencies, 5)).toBeCloseTo(2 * expected, 14);
});

test('the order of the tokens before and of those that are scored changes nothing', () => {
  const frequencies = Float64Array.of(0, 0.1, 0.4, 0.3, 0.2);
  const shape = { scored: 3, length: 6 };
  const nats = (...tokens: number[]): number => bagNats([windowOf(...tokens)], shape, frequencies, 3);
  const one = nats(2, 3, 4, 2, 4, 4, 3);
  expect(nats(4, 2, 2, 3, 3, 4, 4)).toBeCloseTo(one, 13);
  expect(nats(3, 2, 2, 4, 4, 3, 4)).toBeCloseTo(one, 13);
  expect(Math.abs(nats(4, 4, 4, 2, 3, 2, 3) - one)).toBeGreaterThan(0.01);
});

test('texts with few tokens of their own make the bag weigh more than the frequencies, alike ones less', () => {
  const frequencies = Float64Array.of(0, 0, ...new Array<number>(100).fill(0.01));
  const shape = { scored: 8, length: 16 };
  const own = Array.from({ length: 20 }, (_, text) => windowOf(...new Array<number>(17).fill(2 + text)));
  expect(fitStrength(own, shape, frequencies)).toBe(1);
  const alike = Array.from({ length: 20 }, (_, text) =>
    windowOf(...Array.from({ length: 17 }, (_unused, place) => 2 + ((text * 17 + place * 7) % 100))),
  );
  expect(fitStrength(alike, shape, frequencies)).toBe(2 ** 20);
});
