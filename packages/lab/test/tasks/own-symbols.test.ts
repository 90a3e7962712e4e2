/** Exercises and pronunciations on people's own files: symbols with spaces between them. */
import { describe, expect, test } from 'vitest';
import { algorithmic } from '../../src/tasks/problems/algorithmic.ts';
import { TaskError } from '../../src/tasks/task.ts';
import { symbolTokenizer } from '../../src/tasks/text/own-pronunciations.ts';
import { pronounce } from '../../src/tasks/text/pronounce.ts';
import { csv, evaluatedRows, fraction, jsonLines, ownFile, type ReadRow, trainingRows } from './own-files.ts';
import { rightPredictions } from './predictions.ts';

const digits = (index: number, length: number): string =>
  Array.from({ length }, (_, at) => Math.floor(fraction(index * 29 + at * 7 + 3) * 10)).join('');

describe('exercises', () => {
  const exercises = Array.from({ length: 500 }, (_, index) => {
    const question = digits(index, 2 + (index % 7));
    return [question, [...question].toReversed().join('')];
  });
  const data = ownFile('exercises 练习.csv', csv(['input', 'output'], exercises));

  test('are characters, or words where there are spaces; no question is in two splits', async () => {
    const prepared = await algorithmic.prepare({ data });
    expect(prepared.data).toMatchObject({
      rows: 500,
      columns: [
        { name: 'input', use: 'source' },
        { name: 'output', use: 'target' },
      ],
      splitBy: 'by question',
    });
    const questions = (rows: ReturnType<typeof trainingRows>) =>
      rows.map(({ tokens, labels }) =>
        tokens
          .slice(
            0,
            labels.findIndex((label) => label >= 0),
          )
          .join(' '),
      );
    const trained = new Set(questions(trainingRows(prepared, prepared.sizes.train, 'target')));
    const tested = prepared.evaluation('test', 64).flatMap((set) => questions(evaluatedRows(set, 'target')));
    expect(tested.length).toBeGreaterThan(50);
    expect(tested.filter((one) => trained.has(one))).toEqual([]);
    const spaced = exercises.map((cells) => cells.map((cell) => [...cell].join(' ')));
    const words = await algorithmic.prepare({ data: ownFile('spaced.csv', csv(['input', 'output'], spaced)) });
    expect(words.data?.lengths).toEqual(prepared.data?.lengths);
  });

  test('are words throughout where any of them has a space: one word alone is one symbol', async () => {
    const commands = exercises.map(([question]) => {
      const count = 1 + ((question as string).length % 3);
      return [`jump${' again'.repeat(count - 1)} ${question}`, new Array<string>(count).fill('JUMP').join(' ')];
    });
    const prepared = await algorithmic.prepare({ data: ownFile('commands.csv', csv(['input', 'output'], commands)) });
    const answers = trainingRows(prepared, prepared.sizes.train, 'target').map(
      ({ labels }) => labels.filter((label) => label >= 0).length,
    );
    // One to three words and the end.
    expect(new Set(answers)).toEqual(new Set([2, 3, 4]));
  });

  test('ask with the question and score the answer and its end', async () => {
    const prepared = await algorithmic.prepare({ data, trainedPercentile: 100 });
    for (const { tokens, labels } of trainingRows(prepared, prepared.sizes.train, 'target')) {
      const end = tokens.indexOf(1);
      const [question, answer] = [tokens.slice(0, end), tokens.slice(end + 1)];
      expect(answer).toEqual(question.toReversed());
      expect(labels.filter((label) => label >= 0)).toEqual([...answer, 2]);
      expect(labels.findIndex((label) => label >= 0)).toBe(end);
    }
  });

  test('are told apart by a single training answer too', async () => {
    const first = await algorithmic.prepare({ data, trainedPercentile: 100 });
    const [{ tokens }] = trainingRows(first, first.sizes.train, 'target') as [ReadRow];
    // Digits are the symbols 1 … 10 of the file, from token 4 on.
    const trained = tokens
      .slice(0, tokens.indexOf(1))
      .map((token) => token - 4)
      .join('');
    const changed = exercises.map(([question, answer]) => [
      question as string,
      question === trained ? '0' : (answer as string),
    ]);
    const other = await algorithmic.prepare({
      data: ownFile('changed-exercises.csv', csv(['input', 'output'], changed)),
      trainedPercentile: 100,
    });
    expect(other.evaluation('test', 64)).toEqual(first.evaluation('test', 64));
    expect(other.fingerprint).not.toBe(first.fingerprint);
  });

  test('have a baseline that remembers answers, and cannot tell orders apart', async () => {
    const { baselines } = await algorithmic.prepare({ data });
    expect(baselines.map(({ name, orderBlind }) => [name, orderBlind])).toEqual([
      ['commonest', undefined],
      ['same-symbols', true],
    ]);
  });

  test('are measured in tokens of both, whatever generated problems count', async () => {
    const prepared = await algorithmic.prepare({ data });
    expect(prepared.lengthUnit).toBe('tokens of question and answer');
    expect(prepared.data?.lengths?.unit).toBe(prepared.lengthUnit);
    expect((await algorithmic.prepare({})).lengthUnit).toBeUndefined();
  });

  test.each([
    [{ source: 'input' }, /^algorithmic: --source: expected a file of yours/],
    [{ longest: 30 }, /^algorithmic: --longest: expected a file of yours/],
    [{ data, problem: 'copy' }, /^algorithmic: expected --data or --problem, got both; leave one out$/],
    [
      { data, longest: 5, trainedLength: 5 },
      /^algorithmic: expected questions and answers together of at most 5 tokens, got \d+ longer ones, the first is line \d+; give --longest 16, or leave them out$/,
    ],
    [
      { data: ownFile('few.csv', csv(['input', 'output'], [['1', '2']])) },
      /^algorithmic: expected at least 8 examples for train, got 1 of 1 in 1 group; give more rows or smaller groups$/,
    ],
  ])('%j is refused', async (options, message) => {
    await expect(algorithmic.prepare(options as Record<string, string>)).rejects.toThrow(TaskError);
    await expect(algorithmic.prepare(options as Record<string, string>)).rejects.toThrow(message);
  });
});

test.each(['copy', 'reverse', 'sort', 'addition', 'scan', 'needle', 'selective-copy', 'count', 'flip-flop', 'repeat'])(
  'no question of %s within the trained sizes is both trained on and asked about',
  async (problem) => {
    const prepared = await algorithmic.prepare({ problem });
    const questions = (rows: ReturnType<typeof trainingRows>) =>
      rows.map(({ tokens }) => tokens.slice(0, tokens.indexOf(1)).join(' '));
    const trained = new Set(questions(trainingRows(prepared, 6000, 'target')));
    const [set] = prepared.evaluation('test', 256);
    if (set === undefined) throw new Error('expected a bucket');
    const validation = prepared.evaluation('validation', 256).flatMap((one) => evaluatedRows(one, 'target'));
    for (const asked of [...questions(evaluatedRows(set, 'target')), ...questions(validation)]) {
      expect(trained.has(asked)).toBe(false);
    }
  },
);

describe('pronunciations', () => {
  // Each letter has one sound; “x” has two, so words with it have two pronunciations.
  const sounds: Readonly<Record<string, string>> = { a: 'ʌ', b: 'b', c: 'k', d: 'd', e: 'ɛ', x: 'ks', z: 'z' };
  const words = Array.from({ length: 600 }, (_, index) =>
    [...(7 + index * 37).toString(7)].map((digit) => 'abcdexz'[Number(digit)]).join(''),
  );
  const rows = words.flatMap((word) => {
    const sound = [...word].map((letter) => sounds[letter]).join(' ');
    return word.includes('x')
      ? [
          { word, ipa: sound },
          { word, ipa: sound.replaceAll('ks', 'z') },
        ]
      : [{ word, ipa: sound }];
  });
  const data = ownFile('lexikon.jsonl', jsonLines(rows));

  test('of a word are all accepted; the letter-by-letter baseline knows them all', async () => {
    const prepared = await pronounce.prepare({ data, trainedPercentile: 100 });
    expect(prepared.data).toMatchObject({ rows: rows.length, splitBy: 'by word' });
    expect(prepared.sizes.train).toBeLessThan(words.length);
    const blind = prepared.baselines.find(({ orderBlind }) => orderBlind === true);
    for (const set of prepared.evaluation('test', 64)) {
      const right = rightPredictions(prepared, set);
      expect(prepared.score('test', set.bucket, right)).toEqual({ 'phoneme-error-rate': 0, 'word-accuracy': 1 });
      // The second pronunciation is right as well: z for ks.
      if (right.kind !== 'sequences') throw new Error('expected sequences');
      const vocabulary = JSON.parse(prepared.files?.['tokenizer.json'] as string).model.vocab as Record<string, number>;
      const other = right.sequences.map((tokens) =>
        tokens.map((id) => (id === vocabulary.ks ? (vocabulary.z as number) : id)),
      );
      expect(prepared.score('test', set.bucket, { kind: 'sequences', sequences: other })['word-accuracy']).toBe(1);
      expect(blind?.scores[set.bucket.label]?.['word-accuracy']).toBe(1);
    }
  });

  test('are measured in letters', async () => {
    const { data: summary, notes } = await pronounce.prepare({ data });
    // The longest word is 7 + 599 · 37 in base seven, which has six digits.
    expect(summary?.lengths).toMatchObject({ unit: 'letters', maximum: 5 + 1 });
    expect(notes).toContain('Lengths are in letters. Validation is within the trained lengths only.');
    await expect(pronounce.prepare({ data, trainedLength: 1, longest: 1 })).rejects.toThrow(
      /--trained-length: expected at least|expected sources of at most 1 letter, got/,
    );
  });

  test('of a space are a symbol, and of letters never trained on an unknown one', () => {
    const tokenizer = symbolTokenizer(['a b', 'b c']);
    expect([...tokenizer.encode('c  z a').ids]).toEqual([7, 4, 5]);
    expect([...tokenizer.encode('c  z a').starts]).toEqual([0, 3, 5]);
    expect(tokenizer.decode([1, 7, 4, 5, 2])).toBe('c ? a');
    expect(tokenizer.vocabulary).toBe(8);
  });

  test('need a file', async () => {
    await expect(pronounce.prepare({ tooLong: 'refuse' })).rejects.toThrow(
      /^pronounce: --too-long: expected a file of yours/,
    );
  });
});
