import fc from 'fast-check';
import { expect, test } from 'vitest';
import { occurIn } from '../../src/data/passages.ts';

test('a passage occurs in texts exactly if a string search finds it', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\uffff'), maxLength: 40 });
  const passages = fc
    .integer({ min: 1, max: 5 })
    .chain((length) =>
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\uffff'), minLength: length, maxLength: length })),
    );
  const codes = (string: string): Uint16Array => Uint16Array.from(string, (character) => character.charCodeAt(0));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 4 }), passages, (texts, sought) => {
      const expected = sought.map((passage) => texts.some((one) => one.includes(passage)));
      expect(occurIn(texts.map(codes), sought.map(codes))).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test('passages of different lengths, or empty ones, are refused', () => {
  expect(() => occurIn([], [Uint16Array.of(1), Uint16Array.of(1, 2)])).toThrow(RangeError);
  expect(() => occurIn([], [new Uint16Array(0)])).toThrow(RangeError);
});
