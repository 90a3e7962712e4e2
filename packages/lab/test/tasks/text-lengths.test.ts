/** Which lengths are trained and tested on: cases worked out by hand. */
import { describe, expect, test } from 'vitest';
import { checkReached } from '../../src/tasks/shared/length-checks.ts';
import {
  bucketIndex,
  fittingBatchSize,
  largest,
  planLengths,
  readLengthOptions,
  summarizeLengths,
} from '../../src/tasks/shared/text-lengths.ts';
import { TaskError } from '../../src/tasks/task.ts';

const times = (count: number, length: number): number[] => new Array<number>(count).fill(length);
const oneTo = (end: number): number[] => Array.from({ length: end }, (_, index) => index + 1);
const request = { percentile: 50, tooLong: 'refuse' } as const;
const labels = (lengths: { train: number[]; test: number[] }, more: object = {}) => {
  const { trained, limit, buckets } = planLengths('t', lengths, { ...request, ...more });
  return { trained, limit, labels: buckets.map(({ label }) => label) };
};

describe('the trained range', () => {
  test('ends at the percentile, which is one of the lengths there are', () => {
    // Ten lengths 1 … 10: half of them are at most 5, and 51 per cent need the sixth.
    expect(labels({ train: oneTo(10), test: [1] }).trained).toBe(5);
    expect(labels({ train: oneTo(10), test: [1] }, { percentile: 51 }).trained).toBe(6);
    expect(labels({ train: oneTo(10), test: [1] }, { percentile: 1 }).trained).toBe(1);
    expect(labels({ train: oneTo(10), test: [1] }, { percentile: 100 }).trained).toBe(10);
    expect(labels({ train: [7, 3, 9, 1, 1], test: [1] }).trained).toBe(3);
  });

  test('is as given, and the longest length four times it unless given', () => {
    expect(labels({ train: oneTo(10), test: [1] }, { trained: 4 })).toMatchObject({ trained: 4, limit: 16 });
    expect(labels({ train: oneTo(10), test: [1] }, { trained: 4, longest: 9 })).toMatchObject({ trained: 4, limit: 9 });
    expect(planLengths('t', { train: [5], test: [5] }, { ...request, trained: 5 }).chosenBy).toBe('as given');
    expect(planLengths('t', { train: [5], test: [5] }, request).chosenBy).toBe(
      'the shortest 50 % of training examples',
    );
  });

  test('is all there is where all lengths are equal', () => {
    expect(labels({ train: times(30, 7), test: times(20, 7) })).toEqual({ trained: 7, limit: 28, labels: ['7'] });
  });
});

describe('stretches beyond it', () => {
  test('end at 1.5, 2 and 4 times the trained length where each has sixteen examples', () => {
    const test = [...times(20, 10), ...times(16, 15), ...times(16, 20), ...times(16, 40)];
    expect(labels({ train: times(20, 10), test })).toEqual({
      trained: 10,
      limit: 40,
      labels: ['10', '11–15', '16–20', '21–40'],
    });
  });

  test('with too few join the one after, the last the one before, and are never lost', () => {
    const few = [...times(20, 10), ...times(15, 15), ...times(16, 20), ...times(3, 40)];
    expect(labels({ train: times(20, 10), test: few }).labels).toEqual(['10', '11–40']);
    // With nothing before to join, they stand alone.
    expect(labels({ train: times(20, 10), test: [...times(20, 10), 12] }).labels).toEqual(['10', '11–40']);
  });

  test('count what is cut at the limit as long as the limit', () => {
    const test = [...times(20, 10), ...times(16, 500)];
    expect(labels({ train: times(20, 10), test }, { longest: 25 }).labels).toEqual(['10', '11–25']);
  });

  test('have none where the limit is the trained length', () => {
    expect(labels({ train: times(20, 10), test: times(40, 99) }, { longest: 10 }).labels).toEqual(['10']);
  });

  test('hold every length up to the limit once', () => {
    const { buckets } = planLengths('t', { train: oneTo(100), test: [...oneTo(150), ...oneTo(200)] }, request);
    for (let length = 1; length <= 200; length++) {
      expect(buckets.filter(({ minimum, maximum }) => minimum <= length && length <= maximum)).toHaveLength(1);
      expect(bucketIndex(buckets, length)).toBeGreaterThanOrEqual(0);
    }
    expect(() => bucketIndex(buckets, 201)).toThrow(RangeError);
  });

  test('need no more memory than a stack of numbers has: a million lengths', () => {
    const many = Array.from({ length: 1_000_000 }, (_, index) => 1 + (index % 50));
    expect(labels({ train: many, test: many }).trained).toBe(25);
    expect(largest(many)).toBe(50);
    expect(summarizeLengths('tokens', many)).toMatchObject({ minimum: 1, maximum: 50, median: 25 });
  });
});

test.each([
  [{ train: [], test: [] }, {}, 't: expected training examples, got none; give more rows'],
  [
    { train: [4, 5], test: [4] },
    { trained: 3 },
    't: --trained-length: expected at least 4, the length of the shortest training example, got 3',
  ],
  [{ train: [4], test: [4] }, { longest: 3 }, 't: --longest: expected at least the trained length 4, got 3'],
  [
    { train: [0, 4], test: [4] },
    {},
    't: expected texts of at least one token, got one of none; is this the right tokenizer?',
  ],
])('%j with %j cannot be planned', (lengths, more, message) => {
  expect(() => planLengths('t', lengths, { ...request, ...more })).toThrow(new TaskError(message));
});

describe('options', () => {
  const read = (options: Record<string, string | number>) => readLengthOptions('t', options, 80, ['refuse', 'cut']);

  test('are numbers, also as text', () => {
    expect(read({})).toEqual({ percentile: 80, tooLong: 'refuse' });
    expect(read({ trainedLength: '12', longest: 30, tooLong: 'cut' })).toEqual({
      percentile: 80,
      trained: 12,
      longest: 30,
      tooLong: 'cut',
    });
  });

  test.each([
    [{ trainedLength: 3, trainedPercentile: 50 }, 't: expected --trained-length or --trained-percentile, got both'],
    [{ trainedPercentile: 101 }, 't: --trained-percentile: expected an integer from 1 to 100, got 101'],
    [{ trainedPercentile: 0 }, 't: --trained-percentile: expected an integer of at least 1, got 0'],
    [{ longest: 'much' }, 't: --longest: expected an integer of at least 1, got much'],
    [{ tooLong: 'window' }, 't: --too-long: expected one of refuse, cut, got window'],
  ])('%j is refused', (options, message) => {
    expect(() => read(options as Record<string, string>)).toThrow(message);
  });
});

test('a summary has stretches of equal width that hold every length', () => {
  const { histogram, median } = summarizeLengths('tokens', [3, 3, 4, 9, 27]);
  // 25 lengths in twelve stretches at most: three in each.
  expect(histogram.map(({ label }) => label)).toEqual([
    '3–5',
    '6–8',
    '9–11',
    '12–14',
    '15–17',
    '18–20',
    '21–23',
    '24–26',
    '27–29',
  ]);
  expect(histogram.map(({ count }) => count)).toEqual([3, 0, 1, 0, 0, 0, 0, 0, 1]);
  expect(median).toBe(4);
});

test('a long tail has stretches of its own, so that the bulk can be seen', () => {
  // 95 of 100 lengths from 1 to 16, five far longer: two lengths a stretch up to 16, then ×2.5 four times, up to 625.
  const bulk = Array.from({ length: 96 }, (_, index) => 1 + (index % 16));
  const { histogram, maximum } = summarizeLengths('tokens', [...bulk, 30, 90, 90, 625]);
  expect(maximum).toBe(625);
  expect(histogram).toEqual([
    ...['1–2', '3–4', '5–6', '7–8', '9–10', '11–12', '13–14', '15–16'].map((label) => ({ label, count: 12 })),
    { label: '17–40', count: 1 },
    { label: '41–100', count: 2 },
    { label: '101–250', count: 0 },
    { label: '251–625', count: 1 },
  ]);
  // One that is all there is of a tail, and none at all.
  expect(summarizeLengths('tokens', [...times(40, 1), 5000]).histogram).toHaveLength(5);
  expect(summarizeLengths('tokens', [...times(40, 1), 2]).histogram.map(({ label }) => label)).toEqual(['1', '2']);
  expect(summarizeLengths('tokens', []).histogram).toEqual([{ label: '0', count: 0 }]);
});

test('a split of a few is a note in words', () => {
  const counts = { train: 100, validation: 7, test: 1 };
  expect(checkReached('t', '9 tokens', counts)).toEqual([
    'Only 7 validation examples and 1 test example are within the trained length: scores on so few say little. Give more ' +
      'rows or a larger --trained-length.',
  ]);
  expect(checkReached('t', '9 tokens', { ...counts, validation: 8, test: 8 })).toEqual([]);
});

test('a split without anything of a trained length is an error that says which', () => {
  expect(() => checkReached('t', '9 tokens', { train: 5, validation: 0, test: 2 })).toThrow(
    't: expected examples of at most 9 tokens in every split, got 5 to train, 0 to validate and 2 to test',
  );
});

test('batches of long sequences are smaller, short ones never', () => {
  expect(fittingBatchSize(128, 16, 64)).toBe(128);
  expect(fittingBatchSize(128, 16, 512)).toBe(32);
  // Four times as long as trained: a sixteenth.
  expect(fittingBatchSize(128, 500, 2000)).toBe(8);
  expect(fittingBatchSize(1, 500, 9000)).toBe(1);
});
