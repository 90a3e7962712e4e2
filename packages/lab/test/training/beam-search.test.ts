/** Beam search against every sequence there is, and where hypotheses tie. */
import { tensor } from 'posenc/tensor';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/data/random.ts';
import { beamSearch, greedySearch, type NextLogits } from '../../src/training/beam-search.ts';

const START = 0;
const END = 1;
const VOCABULARY = 4;
const LENGTH = 4;
const limits = { startToken: START, endToken: END, maximumLength: LENGTH };

/** Logits that depend on the example and everything written so far. */
type Table = (example: number, written: readonly number[]) => readonly number[];

const randomTable =
  (seed: number): Table =>
  (example, written) => {
    const { normal } = createRandom(seed, String(example), written.join());
    return Array.from({ length: VOCABULARY }, () => 2 * normal());
  };

/** A model that looks logits up, and knows what each row has written. */
function model(table: Table, examples: number, beams: number): NextLogits {
  let rows: (readonly number[])[] = Array.from({ length: examples * beams }, () => []);
  return (tokens, parents) => {
    rows = tokens.map((token, row) => [...(rows[parents?.[row] ?? row] as readonly number[]), token]);
    const data = rows.flatMap(([, ...written], row) => table(Math.floor(row / beams), written));
    return tensor([rows.length, VOCABULARY], data);
  };
}

function logProbabilities(logits: readonly number[]): number[] {
  const normalizer = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
  return logits.map((logit) => logit - normalizer);
}

/** The best of all sequences that end, or are as long as may be, by mean log-probability; the first of equals. */
function exhaustive(table: Table, example: number): { readonly tokens: readonly number[]; readonly score: number } {
  let best = { tokens: [] as readonly number[], score: Number.NEGATIVE_INFINITY };
  const visit = (written: readonly number[], sum: number): void => {
    logProbabilities(table(example, written)).forEach((logProbability, token) => {
      const ended = token === END;
      const tokens = ended ? written : [...written, token];
      if (!ended && tokens.length < LENGTH) {
        visit(tokens, sum + logProbability);
        return;
      }
      const score = (sum + logProbability) / (written.length + 1);
      if (score > best.score) best = { tokens, score };
    });
  };
  visit([], 0);
  return best;
}

test('a beam that holds every hypothesis finds the best of all sequences', () => {
  const lengths = new Set<number>();
  for (let seed = 0; seed < 20; seed += 1) {
    const table = randomTable(seed);
    const wanted = [0, 1, 2].map((example) => exhaustive(table, example).tokens);
    expect(beamSearch(model(table, 3, 64), 3, 64, limits)).toEqual(wanted);
    for (const { length } of wanted) lengths.add(length);
  }
  expect([...lengths].sort()).toEqual([0, 1, 2, 3, 4]);
});

test('wider beams find no worse sequences on the whole than narrow ones, and the greedy one is often not the best', () => {
  const mean = (beams: number): number => {
    const scores = Array.from({ length: 40 }, (_, seed) => {
      const table = randomTable(seed);
      const [tokens] =
        beams === 1
          ? greedySearch(model(table, 1, 1), 1, limits)
          : beamSearch(model(table, 1, beams), 1, beams, limits);
      return scoreOf(table, tokens as number[]);
    });
    return scores.reduce((sum, score) => sum + score, 0) / scores.length;
  };
  const [greedy, two, four, all] = [1, 2, 4, 64].map(mean) as [number, number, number, number];
  expect(greedy).toBeLessThan(two);
  expect(two).toBeLessThanOrEqual(four);
  expect(four).toBeLessThanOrEqual(all);
});

/** The mean log-probability of a sequence and its end. */
function scoreOf(table: Table, tokens: readonly number[]): number {
  const path = tokens.length < LENGTH ? [...tokens, END] : tokens;
  const sum = path.reduce(
    (total, token, at) => total + (logProbabilities(table(0, tokens.slice(0, at)))[token] as number),
    0,
  );
  return sum / path.length;
}

describe('by hand', () => {
  /** Probabilities of the next token after what is written; the rest is spread evenly. */
  const byHand =
    (after: Readonly<Record<string, readonly number[]>>): Table =>
    (_, written) =>
      (after[written.join(' ')] ?? [0.25, 0.25, 0.25, 0.25]).map((probability) => Math.log(probability));

  test('a finished hypothesis is kept while others go on, and the mean over the length decides', () => {
    const table = byHand({
      // Ending at once has the mean log 0.5; token 2 looks worse, but is nearly sure afterwards.
      '': [0.01, 0.5, 0.48, 0.01],
      '2': [0.01, 0.01, 0.01, 0.97],
      '2 3': [0.01, 0.97, 0.01, 0.01],
    });
    expect(greedySearch(model(table, 1, 1), 1, limits)).toEqual([[]]);
    // (log 0.48 + 2 log 0.97)/3 > log 0.5
    expect(beamSearch(model(table, 1, 2), 1, 2, limits)).toEqual([[2, 3]]);
  });

  test('of equal sequences the one with the earlier hypothesis, then the lower token, is taken', () => {
    const even = byHand({});
    // All have the same mean, log ¼: the end comes before tokens 2 and 3, and after token 0.
    expect(beamSearch(model(even, 1, 2), 1, 2, limits)).toEqual([[]]);
    const never = byHand({ '': [0.3, 0.1, 0.3, 0.3], '0': [0.3, 0.1, 0.3, 0.3], '2': [0.3, 0.1, 0.3, 0.3] });
    const [tokens] = beamSearch(model(never, 1, 2), 1, 2, { ...limits, maximumLength: 2 });
    expect(tokens).toEqual([0, 0]);
    expect(greedySearch(model(never, 1, 1), 1, { ...limits, maximumLength: 2 })).toEqual([[0, 0]]);
  });

  test('an example that is done leaves the others as they are', () => {
    const table: Table = (example, written) => (example === 0 ? [0, 50, 0, 0] : randomTable(3)(example, written));
    const [first, second] = beamSearch(model(table, 2, 3), 2, 3, limits);
    expect(first).toEqual([]);
    const alone: Table = (_, written) => randomTable(3)(1, written);
    expect([second]).toEqual(beamSearch(model(alone, 1, 3), 1, 3, limits));
  });
});
