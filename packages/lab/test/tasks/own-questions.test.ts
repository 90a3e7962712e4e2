/** Question answering on people's own files: SQuAD and tables, places of answers, windows, depth. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { trainTextTokenizer } from '../../src/data/text-tokenizer.ts';
import { type PreparedTask, TaskError } from '../../src/tasks/task.ts';
import { placesOf } from '../../src/tasks/text/answer-places.ts';
import { answerTokens, answerWindows, textAt } from '../../src/tasks/text/asked-text.ts';
import { question } from '../../src/tasks/text/question.ts';
import { countDrawn } from './laws.ts';
import { csv, fraction, NOUNS, ownFile, sentence, tokenizerOf, trainingRows } from './own-files.ts';
import { rightPredictions } from './predictions.ts';

/** Facts about things in an order of their own; one is asked for. Accents and a sign of two UTF-16 units stand between. */
function asked(index: number, facts: number) {
  const things = NOUNS.map((noun, at) => ({ noun, place: fraction(index * 17 + at * 5) }))
    .toSorted((a, b) => a.place - b.place)
    .slice(0, facts)
    .map(({ noun }, at) => ({ noun, value: `${sentence(index + at, 2, ['café', 'número', '数据', 'blue', 'tall'])}` }));
  const context = things.map(({ noun, value }) => `The ${noun} 𝄞 is ${value}.`).join(' ');
  const { noun, value } = things[index % facts] as (typeof things)[number];
  const start = context.indexOf(value, context.indexOf(`The ${noun} `));
  return { question: `What is the ${noun}?`, context, answer: value, start };
}

const squad = (questions: readonly ReturnType<typeof asked>[], title: (index: number) => string): string =>
  JSON.stringify({
    version: '1.1',
    data: questions.map(({ question: text, context, answer, start }, index) => ({
      title: title(index),
      paragraphs: [
        {
          context,
          // SQuAD counts in code points.
          qas: [
            {
              id: `q${index}`,
              question: text,
              answers: [{ text: answer, answer_start: [...context.slice(0, start)].length }],
            },
          ],
        },
      ],
    })),
  });

const many = Array.from({ length: 260 }, (_, index) => asked(index, 3 + (index % 5)));

/** Right answers score 1, and what is shown as the answer is what stands in the context. */
function checkAnswers(prepared: PreparedTask, answers: ReadonlySet<string>): void {
  for (const set of prepared.evaluation('test', 64)) {
    const right = rightPredictions(prepared, set);
    expect(prepared.score('test', set.bucket, right)).toMatchObject({ 'exact-match': 1, f1: 1 });
    for (const sample of prepared.samples?.(set.bucket, right) ?? []) {
      if (sample.kind !== 'spans') throw new Error('expected spans');
      const [found] = sample.answer;
      if (found === undefined) throw new Error('expected an answer');
      const { start, end } = found;
      expect(answers.has(sample.text.slice(start, end))).toBe(true);
      expect(sample.answer).toEqual(sample.expected);
    }
  }
}

const ANSWERS = new Set(many.map(({ answer }) => answer));

describe('SQuAD', () => {
  test('answers are found again exactly, behind signs of two UTF-16 units too', async () => {
    const prepared = await question.prepare({
      data: ownFile(
        '问题.json',
        squad(many, (index) => `page ${index % 50}`),
      ),
    });
    expect(prepared.data).toMatchObject({
      format: 'squad',
      splitBy: 'by group',
      refused: { count: 0, unit: 'question' },
    });
    checkAnswers(prepared, ANSWERS);
  });

  test('with one title for all is divided by context', async () => {
    const { data } = await question.prepare({
      data: ownFile(
        'one-title.json',
        squad(many, () => 'Everything'),
      ),
    });
    expect(data?.splitBy).toBe('by context, near-duplicates together');
  });
});

describe('a table', () => {
  const rows = many.map(({ question: text, context, answer }) => [text, context, answer]);
  const data = ownFile('questions.csv', csv(['Question', 'Passage', 'Answer'], rows));

  test('of questions, texts and answers that stand in them', async () => {
    const prepared = await question.prepare({ data });
    expect(prepared.data?.columns?.map(({ use }) => use)).toEqual(['questions', 'text', 'answers']);
    checkAnswers(prepared, ANSWERS);
  });

  test('refuses answers that do not stand in the text, with the line', async () => {
    const wrong = rows.map((cells, index) => (index < 4 ? [...cells.slice(0, 2), 'nowhere at all'] : cells));
    await expect(
      question.prepare({ data: ownFile('nowhere.csv', csv(['question', 'text', 'answer'], wrong as string[][])) }),
    ).rejects.toThrow(
      /4 of 260 rows .* line 2: answers: expected a text that stands in the context, got "nowhere at all"/,
    );
  });

  test('in windows has the same answers, and every batch of training one size', async () => {
    const whole = await question.prepare({ data });
    const limit = 40;
    const prepared = await question.prepare({ data, trainedLength: limit, longest: limit });
    expect(prepared.data?.tooLong?.action).toBe('windowed');
    expect(prepared.data?.tooLong?.count).toBeGreaterThan(10);
    checkAnswers(prepared, ANSWERS);
    expect(prepared.trainingBatch(24, () => 0.999).size).toBe(24);
    // Every window is drawn, not the first of each context alone.
    expect(countDrawn(prepared)).toBeGreaterThan(1.2 * prepared.sizes.train);
    // More windows than questions.
    const examples = prepared.evaluation('test', 64).reduce((sum, set) => sum + set.examples, 0);
    expect(examples).toBeGreaterThan(whole.sizes.test);
  });

  test('windows are refused where nobody wants them', async () => {
    await expect(question.prepare({ data, trainedLength: 40, longest: 40, tooLong: 'refuse' })).rejects.toThrow(
      /^question: expected questions with contexts of at most 40 tokens, got \d+ longer ones, the first is line \d+; give --too-long window/,
    );
  });

  test('says which answers cannot be found: inside of a token, or longer than any that was trained', async () => {
    const inside = rows.map(([text, context, answer], index) =>
      index % 3 === 0 ? [text, context, (answer as string).slice(1, -1)] : [text, context, answer],
    ) as string[][];
    const { notes } = await question.prepare({
      data: ownFile('inside.csv', csv(['question', 'text', 'answer'], inside)),
    });
    expect(notes.join(' ')).toMatch(/\d+ of \d+ test answers cannot be found: they begin or end inside of a token/);
    expect((await question.prepare({ data })).notes.join(' ')).not.toContain('cannot be found');
  });

  test('every training label is the answer of its context', async () => {
    const prepared = await question.prepare({ data, trainedPercentile: 100 });
    const tokenizer = tokenizerOf(prepared);
    for (const { tokens, labels } of trainingRows(prepared, prepared.sizes.train)) {
      const [first, last] = labels as [number, number];
      expect(ANSWERS.has(tokenizer.decode(tokens.slice(first, last + 1)).trim())).toBe(true);
    }
  });

  test('wrong use is refused', async () => {
    await expect(question.prepare({ answers: 'Answer' })).rejects.toThrow(
      new TaskError(
        'question: --answers: expected a file of yours to go with it (--data FILE), got none; leave it out',
      ),
    );
    await expect(question.prepare({ data, longest: 9, trainedLength: 9 })).rejects.toThrow(TaskError);
  });
});

test('depth is where in its context an answer begins, in fifths', async () => {
  // Ten facts of equal length; the one asked for is decided by the index.
  const rows = Array.from({ length: 900 }, (_, index) => {
    const facts = Array.from({ length: 10 }, (_unused, at) => `${NOUNS[(index + at) % 16]} is ${at}${index % 10}.`);
    const at = Math.floor(index / 7) % 10;
    return [`${NOUNS[(index + at) % 16]}?`, `${sentence(index, 4, NOUNS)} ${facts.join(' ')}`, `${at}${index % 10}`];
  });
  const data = ownFile('depth.csv', csv(['question', 'context', 'answer'], rows));
  const prepared = await question.prepare({ data, trainedPercentile: 100 });
  const depths = prepared.metrics?.flatMap(({ along }) => (along === undefined ? [] : [along.label])) ?? [];
  expect(depths).toEqual(['0–20 %', '20–40 %', '40–60 %', '60–80 %', '80–100 %']);
  const [set] = prepared.evaluation('test', 512);
  if (set === undefined) throw new Error('expected a bucket');
  const right = rightPredictions(prepared, set);
  if (right.kind !== 'spans') throw new Error('expected spans');
  // Answers in the last fifth wrong, the others right.
  const [batch] = set.batches;
  const wrong = right.starts.map((start, row) => {
    const from = batch?.answerFrom?.[row] as number;
    const length = batch?.source?.lengths[row] as number;
    return 5 * (start - from) >= 4 * (length - from) ? from : start;
  });
  const scores = prepared.score('test', set.bucket, {
    ...right,
    starts: wrong,
    ends: wrong.map((start, row) => (start === right.starts[row] ? (right.ends[row] as number) : start)),
  });
  expect([1, 2, 3, 4, 5].map((depth) => scores[`exact-match-at-depth-${depth}`])).toEqual([1, 1, 1, 1, 0]);
});

test('in any window of any size every answer that fits is found again', () => {
  const tokenizer = trainTextTokenizer(
    many.map(({ context }) => context),
    { vocabulary: 400 },
  );
  for (const [index, { question: text, context, start, answer }] of many.slice(0, 60).entries()) {
    const tokens = tokenizer.encode(context);
    const place = answerTokens(tokens, { start, end: start + answer.length });
    const asking = tokenizer.encode(text);
    const room = 2 + Math.floor(fraction(index) * tokens.ids.length * 1.2);
    const windows = answerWindows(asking, tokens, room, place, tokenizer);
    const covered = new Set<number>();
    for (const {
      ids,
      contextFrom,
      firstToken,
      answer: [first, last],
    } of windows) {
      const inside = [...ids.subarray(contextFrom)];
      expect(inside.length).toBeLessThanOrEqual(room);
      expect(inside).toEqual([...tokens.ids.subarray(firstToken, firstToken + inside.length)]);
      for (let at = 0; at < inside.length; at++) covered.add(firstToken + at);
      if (first === 0) continue;
      const [from, to] = [first, last].map((position) => position - contextFrom + firstToken) as [number, number];
      const found = { start: tokens.starts[from] as number, end: tokens.ends[to] as number };
      expect(textAt({ id: '', question: text, context, answers: [found] }, found)).toBe(answer);
    }
    expect(covered.size).toBe(tokens.ids.length);
    // Windows overlap by half, so an answer of at most half a window lies whole in one.
    if (place[1] - place[0] + 1 <= Math.ceil(room / 2))
      expect(windows.some(({ answer: [first] }) => first > 0)).toBe(true);
  }
});

const SQUAD_PARQUET = join(import.meta.dirname, '../fixtures/rows/hugging-face-squad.parquet');

describe('answers as data sets of Hugging Face have them', () => {
  // Two of its answers stand twice in their contexts: only the place, in code points, tells which one is meant.
  const context = 'A 𝄞 clef and a 𝄞 clef.';
  const second = [...'A 𝄞 clef and a '].length;

  test('are lists of texts and of places in code points', () => {
    expect(placesOf({ text: ['𝄞 clef'], answer_start: [second] }, context)).toEqual([
      { start: 'A 𝄞 clef and a '.length, end: 'A 𝄞 clef and a 𝄞 clef'.length },
    ]);
    expect(placesOf({ text: ['clef', 'and'], answer_start: [4, 9] }, context)).toEqual([
      { start: 5, end: 9 },
      { start: 10, end: 13 },
    ]);
    expect(placesOf([{ text: 'clef', answer_start: 4 }], context)).toEqual([{ start: 5, end: 9 }]);
    // Places of the reader of SQuAD are in UTF-16 units already.
    expect(placesOf([{ text: 'clef', start: 5 }], context)).toEqual([{ start: 5, end: 9 }]);
  });

  test.each([
    [{ text: [], answer_start: [] }, 'answers: the question has none; this task points at answers only'],
    [{ text: ['clef'], answer_start: [] }, 'answers: expected as many places as texts, got 0 for 1'],
    [{ text: ['clef'], answer_start: [5] }, 'answers: expected a text that stands in the context, got "clef" at 6'],
    [{ text: ['clef'], answer_start: [-1] }, 'answers: expected a text that stands in the context, got "clef" at 25'],
    [{ answer: 'clef' }, 'answers: expected a text, got {"answer":"clef"}'],
  ])('%j: %s', (cell, reason) => {
    expect(placesOf(cell, context)).toBe(reason);
  });

  test('are read from the Parquet that its library writes', async () => {
    const prepared = await question.prepare({ data: SQUAD_PARQUET, trainedPercentile: 100 });
    expect(prepared.data).toMatchObject({ format: 'parquet', rows: 200, refused: { count: 0, unit: 'row' } });
    const values = 'blue tall café número 数据 old wide cold red thin soft'.split(' ');
    checkAnswers(prepared, new Set(values.flatMap((first) => values.map((second) => `${first} ${second}`))));
  });
});
