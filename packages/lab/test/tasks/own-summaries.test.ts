/** Summaries on people's own files: which words are kept, how they are scored, and both methods. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PreparedTask, TaskError } from '../../src/tasks/task.ts';
import { summarise } from '../../src/tasks/text/summarise.ts';
import { ExtractText, extracts, keptWords } from '../../src/tasks/text/text-extracts.ts';
import { checkPortrait } from './laws.ts';
import { jsonLines, ownFile } from './own-files.ts';
import { rightPredictions, wrongPredictions } from './predictions.ts';

/** Eight different words of two syllables and a number of words after them; the summary is the second and the fourth. */
const word = (index: number): string => {
  const [first, second] = [index % 17, Math.floor(index / 17) % 19];
  return `${'bdfgjklmnprstvwxz'[first]}a${'bcdfghjklmnpqrstvwz'[second]}o`;
};
const articles = Array.from({ length: 300 }, (_, index) => {
  const words = Array.from({ length: 5 + (index % 6) }, (__, at) => word(index + 37 * at));
  return { article: `${words.join(' ')}.`, highlights: `${words[1]} ${(words[3] as string).toUpperCase()}` };
});
const data = ownFile('статьи 文章.jsonl', jsonLines(articles));
const all = { data, trainedPercentile: 100 };

const scoresOf = (prepared: PreparedTask, predict: typeof rightPredictions) =>
  prepared.evaluation('test', 64).map((set) => prepared.score('test', set.bucket, predict(prepared, set)));

describe('extracts', () => {
  test('are found by the names such columns have', async () => {
    const { data: told, architecture, question, output } = await summarise.prepare(all);
    expect(told?.columns).toEqual([
      { name: 'article', use: 'text' },
      { name: 'highlights', use: 'target' },
    ]);
    expect({ architecture, question, output }).toEqual({
      architecture: 'encoder',
      question: { kind: 'tag', odds: true },
      output: { kind: 'tokens', vocabulary: 2 },
    });
  });

  test('of the words to keep score 1, of the others 0', async () => {
    const prepared = await summarise.prepare(all);
    expect(scoresOf(prepared, rightPredictions)).toEqual([{ 'rouge-l': 1, 'rouge-1': 1, 'rouge-2': 1 }]);
    expect(scoresOf(prepared, wrongPredictions)).toEqual([{ 'rouge-l': 0, 'rouge-1': 0, 'rouge-2': 0 }]);
  });

  test('have the first words as a baseline, of which one in two is right here', async () => {
    const { baselines, notes } = await summarise.prepare(all);
    const lead = baselines.find(({ name }) => name === 'lead');
    expect(lead?.title).toBe('the first 2 words');
    expect(Object.values(lead?.scores ?? {})).toEqual([{ 'rouge-l': 0.5, 'rouge-1': 0.5, 'rouge-2': 0 }]);
    expect(notes.join('\n')).toMatch(/ROUGE-L 100\.0 % on the training texts/);
  });

  test('have the words kept most often as a baseline that sees no order', async () => {
    // The words at the second and the fourth place are always the same two.
    const fixed = articles.map(({ article }) => {
      const words = article.split(' ');
      return { text: [words[0], 'zebra', words[1], 'ibis', ...words.slice(2)].join(' '), summary: 'Zebra ibis' };
    });
    const { baselines } = await summarise.prepare({
      data: ownFile('fixed.jsonl', jsonLines(fixed)),
      trainedPercentile: 100,
    });
    const alone = baselines.find(({ orderBlind }) => orderBlind);
    const scores = Object.values(alone?.scores ?? {});
    expect(scores.length).toBeGreaterThan(0);
    for (const score of scores) expect(score).toEqual({ 'rouge-l': 1, 'rouge-1': 1, 'rouge-2': 1 });
  });

  test('are shown beside what was expected', async () => {
    const prepared = await summarise.prepare(all);
    const [set] = prepared.evaluation('test', 64);
    if (set === undefined) throw new Error('expected a test set');
    const samples = prepared.samples?.(set.bucket, rightPredictions(prepared, set)) ?? [];
    expect(samples.length).toBeGreaterThan(2);
    for (const sample of samples) {
      if (sample.kind !== 'text') throw new Error(`expected a text, got ${sample.kind}`);
      expect(sample.answer.toUpperCase()).toBe(sample.expected.toUpperCase());
      expect(sample.score).toEqual({ metric: 'rouge-l', value: 1 });
    }
    if (prepared.portrait === undefined) throw new Error('expected a portrait');
    checkPortrait(prepared.portrait, prepared);
  });

  test('read long texts in windows: words of the last are kept too', async () => {
    const long = articles.map(({ article, highlights }, index) => ({
      text: index % 3 === 0 ? `${article} ${'na '.repeat(60)}quu` : article,
      summary: index % 3 === 0 ? 'na quu' : highlights,
    }));
    const path = ownFile('long.jsonl', jsonLines(long));
    const options = { data: path, trainedPercentile: 60, longest: 40 };
    const prepared = await summarise.prepare(options);
    expect(prepared.data?.tooLong).toMatchObject({ action: 'windowed' });
    const last = prepared.evaluation('test', 64).at(-1);
    if (last === undefined) throw new Error('expected a test set');
    expect(prepared.score('test', last.bucket, rightPredictions(prepared, last))['rouge-l']).toBe(1);
    await expect(summarise.prepare({ ...options, tooLong: 'refuse' })).rejects.toThrow(
      /expected texts of at most 40 tokens.*--too-long window/,
    );
    await expect(summarise.prepare({ ...options, tooLong: 'cut' })).rejects.toThrow(
      'summarise: --too-long: expected one of window, refuse, got cut',
    );
  });
});

describe('written summaries', () => {
  test('of the targets score 1', async () => {
    const prepared = await summarise.prepare({ ...all, method: 'write' });
    expect(prepared.architecture).toBe('encoder-decoder');
    expect(scoresOf(prepared, rightPredictions)).toEqual([{ 'rouge-l': 1, 'rouge-1': 1, 'rouge-2': 1 }]);
  });

  test.each([
    [{ method: 'copy' }, /--method: expected one of extract, write, got copy/],
    [{ beams: 3 }, /--beams: only --method write writes token by token/],
    [{ method: 'write', tooLong: 'window' }, /--too-long: expected one of refuse, cut, got window/],
  ])('%j is refused', async (options, message) => {
    await expect(summarise.prepare({ ...all, ...options })).rejects.toThrow(TaskError);
    await expect(summarise.prepare({ ...all, ...options })).rejects.toThrow(message);
  });
});

/** All sets of word numbers that spell a subsequence of `other`, found by trying every set. */
function earliestLongest(text: readonly string[], other: readonly string[]): number[] {
  const isWithin = (list: readonly string[]): boolean => {
    let at = 0;
    for (const one of other) if (one === list[at]) at += 1;
    return at === list.length;
  };
  let best: number[] = [];
  for (let set = 0; set < 2 ** text.length; set += 1) {
    const chosen = text.flatMap((_, index) => ((set >> index) & 1 ? [index] : []));
    if (!isWithin(chosen.map((index) => text[index] as string))) continue;
    const earlier =
      chosen.length === best.length && chosen.some((index, at) => index < (best[at] as number) && sameBefore(at));
    function sameBefore(at: number): boolean {
      return chosen.slice(0, at).every((index, before) => index === best[before]);
    }
    if (chosen.length > best.length || earlier) best = chosen;
  }
  return best;
}

test('words kept are the longest common subsequence, the earliest of equals', () => {
  const words = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 });
  fc.assert(
    fc.property(words, words, (text, other) => {
      expect([...keptWords(text, other)]).toEqual(earliestLongest(text, other));
    }),
  );
});

test('the most probable words are kept, in the order of the text, and the first of equally probable ones', () => {
  const text = new ExtractText({ id: 'x', source: 'one two three four', target: 'two words' });
  const answer = (...odds: number[]) =>
    extracts([text]).sample(text, { tags: [], odds: Float64Array.from(odds) }, 'all');
  expect(answer(1, 5, 2, 9)).toMatchObject({ kind: 'text', answer: 'two four', expected: 'two words' });
  expect(answer(0, 1, Number.NEGATIVE_INFINITY, 0)).toMatchObject({ answer: 'one two' });
});

test('letter case, marks and hyphens do not keep words apart from themselves', () => {
  const { words, text } = new ExtractText({
    id: 'x',
    source: '“The old-town Café”, it’s c++!',
    target: 'OLD-TOWN café it’s',
  });
  const kept = words.filter(({ tag }) => tag === 'KEPT').map(({ start, end }) => text.slice(start, end));
  expect(kept).toEqual(['old-town', 'Café', 'it’s']);
});
