import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSentenceDocuments } from '../../src/data/sentences.ts';
import { order, splitDocuments } from '../../src/tasks/order/order.ts';
import type { Batch, PreparedTask, SequenceArray } from '../../src/tasks/task.ts';

let prepared: PreparedTask;
beforeAll(async () => {
  prepared = await order.prepare({});
});

interface Example {
  readonly tokens: number[];
  readonly label: number;
}

function examplesOf(batches: readonly Batch[]): Example[] {
  return batches.flatMap(({ size, source, labels }) => {
    const { data, length, lengths } = source as SequenceArray;
    return Array.from({ length: size }, (_, row) => ({
      tokens: [...data.subarray(row * length, row * length + (lengths[row] as number))],
      label: labels[row] as number,
    }));
  });
}

const bag = (tokens: readonly number[]): string => tokens.toSorted((a, b) => a - b).join(' ');

test('every held-out sentence is there in its order and shuffled, side by side', () => {
  for (const split of ['validation', 'test'] as const) {
    for (const { bucket, batches, examples } of prepared.evaluation(split, 64)) {
      const all = examplesOf(batches);
      expect(examples).toBe(all.length);
      for (let index = 0; index < all.length; index += 2) {
        const [a, b] = [all[index], all[index + 1]] as [Example, Example];
        expect(bag(a.tokens)).toBe(bag(b.tokens));
        expect(a.tokens).not.toEqual(b.tokens);
        expect([a.label, b.label].toSorted()).toEqual([0, 1]);
        expect(a.tokens.length).toBeGreaterThanOrEqual(bucket.minimum);
        expect(a.tokens.length).toBeLessThanOrEqual(bucket.maximum);
      }
    }
  }
});

test('whatever looks at the bag of words only is right exactly half of the time', () => {
  const guesses: ((tokens: readonly number[]) => number)[] = [
    () => 0,
    () => 1,
    (tokens) => tokens.length % 2,
    (tokens) => (tokens.reduce((sum, token) => sum + Math.sin(token), 0) > 0 ? 1 : 0),
  ];
  for (const { bucket, batches } of prepared.evaluation('test', 64)) {
    const all = examplesOf(batches);
    for (const guess of guesses) {
      const classes = Int32Array.from(all, ({ tokens }) => guess(tokens));
      expect(prepared.score('test', bucket, { kind: 'classes', classes })).toEqual({ accuracy: 0.5 });
    }
    const right = Int32Array.from(all, ({ label }) => label);
    expect(prepared.score('test', bucket, { kind: 'classes', classes: right })).toEqual({ accuracy: 1 });
    expect(prepared.baselines[0]?.scores[bucket.label]).toEqual({ accuracy: 0.5 });
  }
});

test('which of a pair comes first tells nothing', () => {
  const first = prepared
    .evaluation('test', 64)
    .flatMap(({ batches }) => examplesOf(batches))
    .filter((_, index) => index % 2 === 0);
  const share = first.filter(({ label }) => label === 1).length / first.length;
  // 1,024 fair coins: five standard deviations are 0.08.
  expect(Math.abs(share - 0.5)).toBeLessThan(0.08);
});

describe('the split', () => {
  test('is by document', () => {
    const splits = splitDocuments(readSentenceDocuments());
    const names = [...splits.train, ...splits.validation, ...splits.test].map(({ name }) => name);
    expect(new Set(names).size).toBe(500);
    expect(names).toHaveLength(500);
    for (const part of Object.values(splits)) expect(part.length).toBeGreaterThan(30);
  });

  test('holds out no sentence that is trained on, and takes the vocabulary from training documents', () => {
    // A draw of n/N is sentence n: going through all of them reads the whole training part back.
    const { train } = prepared.sizes;
    const drawn = new Set<string>();
    for (let index = 0; index < train; index++) {
      const batch = prepared.trainingBatch(1, () => (index + 0.5) / train);
      drawn.add(examplesOf([batch]).map(({ tokens }) => tokens.join(' '))[0] as string);
    }
    expect(drawn.size).toBe(train);
    const held = [...prepared.evaluation('test', 64), ...prepared.evaluation('validation', 64)]
      .flatMap(({ batches }) => examplesOf(batches))
      .filter(({ label }) => label === 0);
    expect(held.filter(({ tokens }) => drawn.has(tokens.join(' ')))).toEqual([]);
    const documents = splitDocuments(readSentenceDocuments());
    const words = new Set(documents.train.flatMap(({ sentences }) => sentences.flat()));
    expect(words.size).toBeGreaterThan(2000);
    expect(prepared.input).toEqual({ kind: 'tokens', vocabulary: 2002 });
  });
});

test('training batches are half in order and half shuffled', () => {
  let state = 7;
  const uniform = (): number => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
  const labels = Array.from({ length: 20 }, () => prepared.trainingBatch(64, uniform)).flatMap((batch) => [
    ...batch.labels,
  ]);
  expect(labels.filter((label) => label === 1)).toHaveLength(640);
});

test('a shuffle that would leave the order as it is is drawn again', () => {
  // Draws just below 1 choose the last sentence twice and then leave every word where it is, once.
  let draws = 0;
  let words = 0;
  const uniform = (): number => (draws++ < 2 + words ? 1 - 2 ** -53 : 0);
  const batchOf = (): Example[] => {
    draws = 0;
    return examplesOf([prepared.trainingBatch(2, uniform)]);
  };
  words = (batchOf()[0] as Example).tokens.length - 1;
  const [inOrder, shuffled] = batchOf() as [Example, Example];
  expect(bag(shuffled.tokens)).toBe(bag(inOrder.tokens));
  expect(shuffled.tokens).not.toEqual(inOrder.tokens);
});

test('an odd number of test examples is refused', async () => {
  await expect(order.prepare({ testExamples: 11 })).rejects.toThrow(
    'order: --test-examples: expected an even number, half of them shuffled, got 11',
  );
});

describe('what is said of the built-in sentences', () => {
  test('is where they come from, how long they are and how they are divided', () => {
    expect(prepared.data).toMatchObject({
      rows: 500,
      refused: { count: 0, first: [] },
      lengths: { unit: 'words', minimum: 5, maximum: 40 },
      trainedLength: { maximum: 12, limit: 40, chosenBy: 'the task' },
      splitBy: 'by document, hashed',
    });
    // The corpus has 500 texts (Francis & Kučera 1979); its first sentence is known to many.
    expect(readSentenceDocuments()[0]?.sentences[0]?.slice(0, 4)).toEqual(['the', 'fulton', 'county', 'grand']);
  });

  test('the baseline that sees no order is at chance', () => {
    expect(prepared.baselines.map(({ name, orderBlind }) => [name, orderBlind])).toEqual([['bag-of-words', true]]);
    expect(Object.values(prepared.baselines[0]?.scores ?? {})).toEqual(Array(4).fill({ accuracy: 0.5 }));
  });

  test('the data are those of the committed results', () => {
    const [, committed] =
      /data fingerprint \(SHA-256\) \| ([0-9a-f]+)/.exec(
        readFileSync(new URL('../../../../docs/results/order.md', import.meta.url), 'utf8'),
      ) ?? [];
    expect(committed).toMatch(/^[0-9a-f]{16}$/);
    expect(prepared.fingerprint.slice(0, 16)).toBe(committed);
  });
});
