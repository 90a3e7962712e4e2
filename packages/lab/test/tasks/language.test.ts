import { beforeAll, describe, expect, test } from 'vitest';
import { readAddresses } from '../../src/data/addresses.ts';
import { frequentCharacters } from '../../src/data/tokenizer.ts';
import { language, splitAddresses } from '../../src/tasks/language/language.ts';
import type { Batch, EvaluationSet, PreparedTask, SequenceArray } from '../../src/tasks/task.ts';

let prepared: PreparedTask;
beforeAll(async () => {
  prepared = await language.prepare({});
});

interface Window {
  readonly inputs: number[];
  readonly labels: number[];
}

function windowsOf(batches: readonly Batch[], examples = Number.POSITIVE_INFINITY): Window[] {
  const windows = batches.flatMap(({ size, target, labels }) => {
    const { data, length } = target as SequenceArray;
    return Array.from({ length: size }, (_, row) => ({
      inputs: [...data.subarray(row * length, (row + 1) * length)],
      labels: [...labels.subarray(row * length, (row + 1) * length)],
    }));
  });
  return windows.slice(0, examples);
}

test('a label is the token after the one at its position', () => {
  let draws = 0;
  for (const { inputs, labels } of windowsOf([prepared.trainingBatch(20, () => (draws++ + 0.5) / 20)])) {
    expect(labels.slice(0, -1).map((label, index) => label === -1 || label === inputs[index + 1])).not.toContain(false);
    expect(labels.filter((label) => label >= 0).length).toBeGreaterThan(60);
  }
});

describe('at evaluation', () => {
  test('every length predicts the same tokens, and a longer window only adds tokens before them', () => {
    const sets = prepared.evaluation('test', 64);
    const all = sets.map(({ batches, examples }) => windowsOf(batches, examples));
    for (const [index, { bucket }] of sets.entries()) {
      for (const [row, { inputs, labels }] of (all[index] as Window[]).entries()) {
        const shortest = all[0]?.[row] as Window;
        expect(inputs).toHaveLength(bucket.maximum);
        expect(inputs.slice(-64)).toEqual(shortest.inputs);
        expect(labels.slice(-32)).toEqual(shortest.labels.slice(-32));
        expect(labels.slice(0, -32).every((label) => label === -1)).toBe(true);
      }
    }
  });

  test('batches of longer windows are smaller, so that attention over them takes no more memory', () => {
    const sizes = prepared.evaluation('test', 64).map(({ batches }) => batches[0]?.size);
    expect(sizes).toEqual([64, 16, 4, 1]);
  });

  test('no token is scored twice', () => {
    const [set] = prepared.evaluation('test', 256) as [EvaluationSet];
    const scored = windowsOf(set.batches, set.examples).map(({ inputs }) => inputs.slice(-32).join(' '));
    expect(new Set(scored).size).toBeGreaterThan(250);
  });
});

test('all addresses of a year are in one split', () => {
  const splits = splitAddresses(readAddresses());
  expect([splits.train.length, splits.validation.length, splits.test.length].reduce((a, b) => a + b)).toBe(233);
  const years = Object.values(splits).map((addresses) => new Set(addresses.map(({ year }) => year)));
  for (const [index, one] of years.entries()) {
    for (const other of years.slice(index + 1)) expect([...one].filter((year) => other.has(year))).toEqual([]);
  }
});

test('nothing that is predicted is quoted from a training address', () => {
  const train = splitAddresses(readAddresses()).train.map(({ text }) => text.toLowerCase());
  const characters = frequentCharacters(train, 100);
  const all = train.join('\n');
  const [set] = prepared.evaluation('test', 256) as [EvaluationSet];
  let readable = 0;
  for (const { inputs, labels } of windowsOf(set.batches, set.examples)) {
    const tokens = [...inputs.slice(1), labels.at(-1) as number];
    if (Math.min(...tokens) < 2) continue;
    const text = tokens.map((token) => characters[token - 2]).join('');
    if (/[a-z]{2} [a-z]{2}/.test(text)) readable++;
    expect(all.includes(text)).toBe(false);
  }
  expect(readable).toBeGreaterThan(240);
});

describe('bits per character', () => {
  test.each([{}, { tokens: 'bpe' }])(
    'of a uniform guess over 8 choices a character are 3, with %j',
    async (options) => {
      const task = await language.prepare(options);
      const [set] = task.evaluation('test', 256) as [EvaluationSet];
      const counts = windowsOf(set.batches, set.examples).map(
        ({ labels }) => labels.filter((label) => label >= 0).length,
      );
      const result = task.score('test', set.bucket, {
        kind: 'losses',
        nats: Float64Array.from(counts, (count) => count * Math.log(8)),
        counts: Int32Array.from(counts),
      });
      // A byte-pair token stands for more than two characters, a character token for one.
      const bits = result['bits-per-character'] as number;
      if (task.input.kind === 'tokens' && task.input.vocabulary === 502) expect(3 / bits).toBeGreaterThan(2);
      else expect(bits).toBeCloseTo(3, 12);
    },
  );

  test('of the frequencies of English letters are a little over 4', () => {
    // Shannon 1951, "Prediction and entropy of printed English": 4.03 bits for 27 characters; here there are more.
    const scores = prepared.baselines[0]?.scores['512'] as Record<string, number>;
    expect(scores['bits-per-character']).toBeGreaterThan(4.03);
    expect(scores['bits-per-character']).toBeLessThan(4.5);
  });
});

test('what a token may be is characters or bpe', async () => {
  await expect(language.prepare({ tokens: 'words' })).rejects.toThrow(
    'language: --tokens: expected one of characters, bpe, got words',
  );
});

describe('what is said of the built-in addresses', () => {
  test('is where they come from, how long they are and how they are divided', () => {
    expect(prepared.data).toMatchObject({
      rows: 233,
      refused: { count: 0, first: [] },
      trainedLength: { maximum: 64, limit: 512, chosenBy: 'the task' },
      splitBy: 'by year, hashed',
    });
    expect(prepared.data?.source).toContain('State of the Union');
    // The shortest address is Washington's of 1790, some 1,100 words (American Presidency Project).
    expect(prepared.data?.lengths?.minimum).toBeGreaterThan(5000);
    expect(prepared.data?.lengths?.minimum).toBeLessThan(9000);
  });

  test('a bag of the tokens before tells a little more than their frequencies, and no model of order is one', () => {
    const [unigram, bag] = prepared.baselines;
    expect([unigram?.orderBlind, bag?.orderBlind]).toEqual([undefined, true]);
    for (const { bucket } of prepared.evaluation('test', 64)) {
      const bits = (baseline: typeof bag): number => baseline?.scores[bucket.label]?.['bits-per-character'] as number;
      expect(bits(bag)).toBeLessThan(bits(unigram));
      expect(bits(bag)).toBeGreaterThan(4.03);
    }
  });

  test('the data are those of earlier versions', () => {
    expect(prepared.fingerprint).toBe('1a12d7ed9de315550ef9de83b14d209c974b044f07f9f66e3409e69d459098d5');
  });

  test('options for files of one’s own are refused without one', async () => {
    await expect(language.prepare({ documents: 'joined' })).rejects.toThrow(
      'language: --documents: expected a file of yours to go with it (--data FILE), got none; leave it out',
    );
  });
});
