import { beforeAll, describe, expect, test } from 'vitest';
import { hashFraction } from '../../src/data/hash.ts';
import { PHONEMES, type Pronunciation, readPronunciations } from '../../src/data/pronunciations.ts';
import type { EvaluationSet, PreparedTask, Scores } from '../../src/tasks/task.ts';
import { pronounce, splitPronunciations } from '../../src/tasks/text/pronounce.ts';

let prepared: PreparedTask;
beforeAll(async () => {
  prepared = await pronounce.prepare({});
});

/** The words of an evaluation set, read back from its letters; the examples that fill the last batch left out. */
function wordsOf({ batches, examples }: EvaluationSet): string[] {
  const words = batches.flatMap(({ size, source }) =>
    Array.from({ length: size }, (_, row) => {
      const { data, length, lengths } = source as { data: Int32Array; length: number; lengths: Int32Array };
      const letters = data.subarray(row * length, row * length + (lengths[row] as number));
      return String.fromCharCode(...letters.map((token) => token + 96));
    }),
  );
  return words.slice(0, examples);
}

/** The first pronunciations of an evaluation set, read back from its labels. */
function answersOf({ batches, examples }: EvaluationSet): number[][] {
  const answers = batches.flatMap(({ size, labels }) =>
    Array.from({ length: size }, (_, row) =>
      [...labels.subarray(row * 20, (row + 1) * 20)].filter((token) => token >= 0),
    ),
  );
  return answers.slice(0, examples);
}

/** Spellings that the rules of English inflection make of a base, written from the base forward. */
function inflections(base: string): string[] {
  const last = base.at(-1) as string;
  const doubled = /[^aeiouy]$/.test(base) ? base + last : base;
  const dropped = last === 'e' ? base.slice(0, -1) : base;
  const changed = last === 'y' ? `${base.slice(0, -1)}i` : base;
  // Porter 1980, "An algorithm for suffix stripping", step 1b: what -ed or -ing is added to has a vowel (not str|ing).
  const stems = [base, doubled, dropped, changed].filter((stem) => /[aeiouy]/.test(stem));
  return [
    ...[base, `${base}s`, `${base}es`, `${base}ly`, `${changed}es`, `${changed}ly`],
    ...stems.flatMap((stem) => [`${stem}ed`, `${stem}er`, `${stem}est`, `${stem}ing`, `${stem}ers`, `${stem}ings`]),
    ...(/ll$/.test(base) ? [`${base}y`] : []),
    ...(/ic$/.test(base) ? [`${base}ally`] : []),
    ...(/[aeiouy].*le$/.test(base) ? [`${base.slice(0, -1)}y`] : []),
  ];
}

/** Test words that are a base of a training word, inflected from one, or inflected from the base of one. */
function countRelatives(train: readonly string[], test: readonly string[]): number {
  const tested = new Set(test);
  const related = new Set<string>();
  for (const word of train) {
    // The word as a base itself, and every base of at least three letters that it may come from.
    const bases = new Set([word]);
    for (let cut = 1; cut <= 4; cut++) {
      const rest = word.slice(0, -cut);
      for (const base of [rest, `${rest}e`, `${rest}y`, rest.slice(0, -1), rest.replace(/l$/, 'le')]) {
        if (base.length >= 3 && /[aeiouy]/.test(base) && inflections(base).includes(word)) bases.add(base);
      }
    }
    for (const base of bases) {
      for (const form of inflections(base)) if (form !== word && tested.has(form)) related.add(form);
    }
  }
  return related.size;
}

describe('no relative of a training word is held out', () => {
  test('by inflections generated forward, at any length; a split by word has thousands', async () => {
    const entries = await readPronunciations(3, 16);
    const splits = splitPronunciations(entries);
    const spelled = (part: typeof splits.train): string[] => part.map(({ word }) => word);
    const train = spelled(splits.train).filter((word) => word.length <= 8);
    expect(countRelatives(train, [...spelled(splits.test), ...spelled(splits.validation)])).toBe(0);

    const words = spelled(entries);
    const randomTest = words.filter((word) => hashFraction(word) < 0.2);
    const randomTrain = words.filter((word) => hashFraction(word) >= 0.2 && word.length <= 8);
    const share = countRelatives(randomTrain, randomTest) / randomTest.length;
    expect(share).toBeGreaterThan(0.2);
  });

  test('and no word is in two splits', async () => {
    const splits = splitPronunciations(await readPronunciations(3, 16));
    const words = [...splits.train, ...splits.validation, ...splits.test].map(({ word }) => word);
    expect(new Set(words).size).toBe(words.length);
  });
});

test('the splits do not depend on the order of the dictionary', async () => {
  const entries = await readPronunciations(3, 9);
  expect(splitPronunciations(entries.toReversed())).toEqual(splitPronunciations(entries));
});

test('each bucket holds 512 different words of its lengths, spelled right in its batches', () => {
  const sets = prepared.evaluation('test', 100);
  for (const set of sets) {
    const words = wordsOf(set);
    expect(new Set(words).size).toBe(512);
    for (const word of words) {
      expect(word).toMatch(/^[a-z]+$/);
      expect(word.length).toBeGreaterThanOrEqual(set.bucket.minimum);
      expect(word.length).toBeLessThanOrEqual(set.bucket.maximum);
    }
  }
});

test('a batch holds the spelling, the phonemes after a begin token, and the phonemes before an end token', async () => {
  const set = prepared.evaluation('test', 512)[1] as EvaluationSet;
  const [word, answer] = [wordsOf(set)[0], answersOf(set)[0] as number[]];
  const entry = (await readPronunciations(9, 10)).find((one) => one.word === word) as Pronunciation;
  const tokens = (entry.variants[0] as readonly string[]).map((phoneme) => 3 + PHONEMES.indexOf(phoneme));
  expect(answer).toEqual([...tokens, 2]);
  const target = set.batches[0]?.target;
  expect([...(target?.data.subarray(0, tokens.length + 1) ?? [])]).toEqual([1, ...tokens]);
  expect(target?.lengths[0]).toBe(tokens.length + 1);
});

describe('what needs no model', () => {
  const baseline = (name: string) =>
    prepared.baselines.find((one) => one.name === name) as PreparedTask['baselines'][0];

  test('the spelling itself scores as its letters do, those that are phonemes', () => {
    for (const set of prepared.evaluation('test', 512)) {
      // 0 is no phoneme, so it is right nowhere.
      const sequences = wordsOf(set).map((word) =>
        [...word.toUpperCase()].map((letter) => (PHONEMES.includes(letter) ? 3 + PHONEMES.indexOf(letter) : 0)),
      );
      expect(baseline('spelling').scores[set.bucket.label]).toEqual(
        prepared.score('test', set.bucket, { kind: 'sequences', sequences }),
      );
    }
  });

  test('each letter’s likeliest phoneme is better than that, and far from right', () => {
    const { orderBlind, scores } = baseline('letter-by-letter');
    expect(orderBlind).toBe(true);
    for (const [label, found] of Object.entries(scores)) {
      const rate = found['phoneme-error-rate'] as number;
      expect(rate).toBeLessThan(baseline('spelling').scores[label]?.['phoneme-error-rate'] as number);
      expect(rate).toBeGreaterThan(0.3);
    }
  });

  test('the data are those that results were published of', async () => {
    expect(prepared.fingerprint).toMatch(/^7fa7bee0263008df/);
    const entries = await readPronunciations(3, 16);
    expect(prepared.data).toMatchObject({
      rows: entries.length,
      lengths: { unit: 'letters', minimum: 3, maximum: 16 },
      trainedLength: { maximum: 8, limit: 16 },
    });
    const [word, phonemes = ''] = (prepared.data?.examples[0] ?? '').split(' → ');
    expect(entries.find((one) => one.word === word)?.variants[0]).toEqual(phonemes.split(' '));
  });

  test('samples show words, what they should be and what was written', () => {
    const set = prepared.evaluation('test', 512)[1] as EvaluationSet;
    const [word] = wordsOf(set) as [string];
    const [answer] = answersOf(set) as [number[]];
    const written = [...answer.slice(0, -1), 3, 2, 9];
    const sequences = answersOf(set).map((one, index) => (index === 0 ? written : one));
    const samples = prepared.samples?.(set.bucket, { kind: 'sequences', sequences });
    const names = answer.slice(0, -1).map((token) => PHONEMES[token - 3]);
    expect(samples?.[0]).toMatchObject({
      kind: 'text',
      id: word,
      source: word,
      expected: names.join(' '),
      answer: [...names, PHONEMES[0]].join(' '),
      right: false,
      score: { metric: 'phoneme-error-rate', value: expect.closeTo(1 / names.length, 9) },
    });
  });
});

describe('scores', () => {
  const scoresOf = (make: (answer: number[]) => number[]): Scores[] =>
    prepared
      .evaluation('test', 512)
      .map((set) => prepared.score('test', set.bucket, { kind: 'sequences', sequences: answersOf(set).map(make) }));

  test('of the right answers are no errors, with the end token or without it', () => {
    for (const make of [(answer: number[]) => answer, (answer: number[]) => answer.slice(0, -1)]) {
      for (const scores of scoresOf(make)) expect(scores).toEqual({ 'phoneme-error-rate': 0, 'word-accuracy': 1 });
    }
  });

  test('of nothing at all are an error for each phoneme', () => {
    for (const scores of scoresOf(() => [])) expect(scores).toEqual({ 'phoneme-error-rate': 1, 'word-accuracy': 0 });
  });

  test('of answers with one phoneme too many are an error for each word; what follows the end token does not count', () => {
    const extra = scoresOf((answer) => [...answer.slice(0, -1), 0]);
    const after = scoresOf((answer) => [...answer, 5, 5]);
    for (const [index, set] of prepared.evaluation('test', 512).entries()) {
      const phonemes = answersOf(set).reduce((sum, answer) => sum + answer.length - 1, 0);
      expect(extra[index]?.['phoneme-error-rate']).toBeCloseTo(512 / phonemes, 12);
      expect(after[index]).toEqual({ 'phoneme-error-rate': 0, 'word-accuracy': 1 });
    }
  });

  test('of an alternate pronunciation are no errors', async () => {
    const set = prepared.evaluation('test', 512)[0] as EvaluationSet;
    const variants = new Map((await readPronunciations(3, 8)).map(({ word, variants }) => [word, variants]));
    const sequences = wordsOf(set).map((word) =>
      (variants.get(word) ?? []).slice(-1).flatMap((phonemes) => phonemes.map((name) => 3 + PHONEMES.indexOf(name))),
    );
    expect(sequences).not.toEqual(answersOf(set).map((answer) => answer.slice(0, -1)));
    expect(prepared.score('test', set.bucket, { kind: 'sequences', sequences })['word-accuracy']).toBe(1);
  });

  test('need one prediction for each example', () => {
    const { bucket } = prepared.evaluation('test', 512)[0] as EvaluationSet;
    expect(() => prepared.score('test', bucket, { kind: 'sequences', sequences: [[3]] })).toThrow(
      'score: expected predictions for 512 examples, got 1',
    );
    expect(() =>
      prepared.score('validation', { ...bucket, label: '9–10' }, { kind: 'sequences', sequences: [] }),
    ).toThrow('pronounce: validation has no bucket 9–10');
  });
});
