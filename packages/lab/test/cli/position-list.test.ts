import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/cli/errors.ts';
import { parsePositions } from '../../src/cli/position-list.ts';

describe('positions as typed', () => {
  test.each([
    ['0:4', [0, 1, 2, 3]],
    ['0:64:16', [0, 16, 32, 48]],
    ['0:65:16', [0, 16, 32, 48, 64]],
    ['-2:2', [-2, -1, 0, 1]],
    ['0,5,4097', [0, 5, 4097]],
    ['7', [7]],
    ['0.5, 1e3,-.25', [0.5, 1000, -0.25]],
    ['0:2,10:12,7', [0, 1, 10, 11, 7]],
    ['268435456', [2 ** 28]],
  ])('%s', (text, expected) => {
    expect(parsePositions(text)).toEqual(expected);
  });

  test.each([
    ['', 'expected numbers and ranges'],
    ['a', 'got "a"'],
    ['1,,2', 'got ""'],
    ['0x10', 'got "0x10"'],
    ['Infinity', 'got "Infinity"'],
    ['1e999', 'got "1e999"'],
    ['9007199254740993', 'expected integers of at most 9007199254740991'],
    ['0:', 'expected start:stop'],
    [':4', 'expected start:stop'],
    ['0:4:1:1', 'expected start:stop'],
    ['0.5:4', 'expected start:stop or start:stop:step of integers'],
    ['0:4:0', 'a step of at least 1, got 0'],
    ['4:0:-1', 'a step of at least 1, got -1'],
    ['4:4', 'a stop after the start, got 4:4'],
    ['0:1e9', 'expected start:stop'],
    ['0:1000000000', 'at most 1000000'],
    ['0:1000000,5', 'at most 1000000'],
  ])('%j is refused', (text, message) => {
    expect(() => parsePositions(text)).toThrow(UsageError);
    expect(() => parsePositions(text)).toThrow(message);
  });

  test('any list of finite numbers comes back exactly', () => {
    const exact = fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .filter((x) => !Number.isInteger(x) || Number.isSafeInteger(x));
    fc.assert(
      fc.property(fc.array(exact, { minLength: 1, maxLength: 20 }), (values) => {
        expect(parsePositions(values.map((value) => (Object.is(value, -0) ? '-0' : String(value))).join(','))).toEqual(
          values,
        );
      }),
    );
  });

  test('any range has the members that counting gives', () => {
    const small = fc.integer({ min: -1000, max: 1000 });
    fc.assert(
      fc.property(small, fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 50 }), (start, length, step) => {
        const counted: number[] = [];
        for (let position = start; position < start + length; position += step) counted.push(position);
        expect(parsePositions(`${start}:${start + length}:${step}`)).toEqual(counted);
      }),
    );
  });

  test('any text at all gives positions or a usage error, nothing else', () => {
    const piece = fc.constantFrom('0', '1', '-', ':', ',', '.', 'e', '9', ' ', '+', 'x', '99999999999');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((parts) => parts.join('')),
        ),
        (text) => {
          let positions: number[];
          try {
            positions = parsePositions(text);
          } catch (error) {
            expect(error).toBeInstanceOf(UsageError);
            return;
          }
          expect(positions.length).toBeGreaterThan(0);
          expect(positions.every(Number.isFinite)).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });
});
