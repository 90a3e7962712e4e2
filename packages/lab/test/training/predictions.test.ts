/** Answers read off logits, by hand, and what is refused. */
import { positionRange } from 'posenc/positions';
import { tensor } from 'posenc/tensor';
import { describe, expect, test } from 'vitest';
import { buildModel } from '../../src/model/build.ts';
import type { ModelShape, OutputKind } from '../../src/model/model.ts';
import type { Batch } from '../../src/tasks/task.ts';
import { createGenerator } from '../../src/training/generate.ts';
import { repeatExamples } from '../../src/training/inputs.ts';
import { bestSpans, bestTags, joinPredictions, lastValues } from '../../src/training/predictions.ts';

const none = new Int32Array(0);

/** A batch of sequences of 5 positions with these real lengths. */
function batchOf(lengths: readonly number[], answerFrom?: readonly number[]): Batch {
  const size = lengths.length;
  return {
    size,
    source: { data: new Int32Array(5 * size), length: 5, lengths: Int32Array.from(lengths) },
    labels: none,
    ...(answerFrom === undefined ? {} : { answerFrom: Int32Array.from(answerFrom) }),
  };
}

/** Logits [1, 5, 2] of starts and ends. */
const logits = (starts: readonly number[], ends: readonly number[]) =>
  tensor(
    [1, 5, 2],
    starts.flatMap((start, at) => [start, ends[at] as number]),
  );

describe('tags', () => {
  // Odds of 3 to 1, of 1 to 4, of 2 to 1; what stands in the padding is not read.
  const logits = tensor(
    [1, 5, 3],
    [
      [Math.log(2), Math.log(5), 0],
      [Math.log(8), 0, 0],
      [0, 0, 0],
      [9, 0, 0],
      [0, 9, 0],
    ].flat(),
  );

  test('are the most probable, at real positions alone', () => {
    expect(bestTags(logits, batchOf([3]))).toEqual({ kind: 'tags', tags: [Int32Array.of(1, 0, 0)] });
  });

  test('have log-odds of any tag but the first, where asked for', () => {
    const answer = bestTags(logits, batchOf([3]), true);
    if (answer.kind !== 'tags') throw new Error('expected tags');
    const [odds] = answer.odds as [Float64Array];
    expect([...odds].map(Math.exp)).toEqual([3, 0.25, 2].map((ratio) => expect.closeTo(ratio, 6)));
    const joined = joinPredictions([answer, answer], [1, 1], 1);
    expect(joined.kind === 'tags' && joined.odds).toEqual([odds]);
  });

  test('do not overflow where logits are large', () => {
    const answer = bestTags(tensor([1, 5, 3], new Array(5).fill([1000, 2000, 2000]).flat()), batchOf([1]), true);
    expect(answer.kind === 'tags' && answer.odds?.[0]?.[0]).toBeCloseTo(1000 + Math.log(2), 3);
  });
});

describe('spans', () => {
  const starts = [1, 9, 2, 7, 3];
  const ends = [2, 0, 4, 3, 8];

  test('are the best pair in order, no longer than asked, from the first position that may be an answer', () => {
    // 9 + 8 at positions 1 … 4, less 1 + 2 for no answer.
    expect(bestSpans(logits(starts, ends), batchOf([5]), 4)).toEqual(spans(1, 4, 14));
    // Of at most 2 positions: 7 + 8 at 3 … 4 beats 9 + 4 at 1 … 2.
    expect(bestSpans(logits(starts, ends), batchOf([5]), 2)).toEqual(spans(3, 4, 12));
    expect(bestSpans(logits(starts, ends), batchOf([5]), 1)).toEqual(spans(4, 4, 8));
    expect(bestSpans(logits(starts, ends), batchOf([5], [2]), 4)).toEqual(spans(3, 4, 12));
  });

  test('lie within the sequence and never start after they end', () => {
    expect(bestSpans(logits(starts, ends), batchOf([4]), 4)).toEqual(spans(1, 2, 10));
    expect(bestSpans(logits([0, 0, 0, 9, 0], [0, 9, 0, 0, 0]), batchOf([5]), 4)).toEqual(spans(1, 1, 9));
  });

  test('may be worse than no answer, and then say by how much', () => {
    expect(bestSpans(logits([9, 1, 0, 0, 0], [9, 0, 2, 0, 0]), batchOf([5]), 4)).toEqual(spans(1, 2, -15));
  });

  test('have no answer where no position may be one', () => {
    expect(bestSpans(logits(starts, ends), batchOf([3], [3]), 4)).toEqual(spans(0, 0, Number.NEGATIVE_INFINITY));
  });

  function spans(start: number, end: number, score: number) {
    return {
      kind: 'spans',
      starts: Int32Array.of(start),
      ends: Int32Array.of(end),
      scores: Float64Array.of(score),
    };
  }
});

test('values are those at the last real position, steps and quantiles as they come', () => {
  const data = Array.from({ length: 2 * 5 * 4 }, (_, at) => at);
  const found = lastValues(tensor([2, 5, 4], data), batchOf([5, 2]));
  expect(found).toEqual({ kind: 'values', values: Float64Array.of(16, 17, 18, 19, 24, 25, 26, 27) });
  // Five examples in batches of two: the last of six only fills its batch.
  const joined = joinPredictions([found, found, found], [2, 2, 2], 5);
  expect(joined).toEqual({
    kind: 'values',
    values: Float64Array.of(16, 17, 18, 19, 24, 25, 26, 27, 16, 17, 18, 19, 24, 25, 26, 27, 16, 17, 18, 19),
  });
});

test('examples repeated for their hypotheses lie side by side, with their own positions', () => {
  const positions = { values: Float64Array.of(0, 5, 1, 7), batch: 2, length: 2, axes: 1 };
  const batch: Batch = {
    size: 2,
    source: { data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), length: 2, lengths: Int32Array.of(2, 1), positions },
    target: { data: Int32Array.of(3, 4), length: 1, lengths: Int32Array.of(1, 1), positions: positionRange(1) },
    labels: Int32Array.of(8, 9),
  };
  expect(repeatExamples(batch, 2)).toEqual({
    size: 4,
    source: {
      data: Float32Array.of(1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8, 5, 6, 7, 8),
      length: 2,
      lengths: Int32Array.of(2, 2, 1, 1),
      positions: { values: Float64Array.of(0, 5, 0, 5, 1, 7, 1, 7), batch: 4, length: 2, axes: 1 },
    },
    target: {
      data: Int32Array.of(3, 3, 4, 4),
      length: 1,
      lengths: Int32Array.of(1, 1, 1, 1),
      positions: positionRange(1),
    },
    labels: Int32Array.of(8, 8, 9, 9),
  });
});

describe('refused', () => {
  const shape: ModelShape = {
    architecture: 'encoder-decoder',
    modelDim: 8,
    numHeads: 2,
    feedForwardDim: 8,
    encoderLayers: 1,
    decoderLayers: 1,
    input: { kind: 'tokens', vocabulary: 5 },
    output: { kind: 'tokens', vocabulary: 5 },
  };

  test.each(['none', 'gru'])('outputs that cannot be (%s)', (encoding) => {
    const build = (output: OutputKind) => () => buildModel(encoding, { ...shape, output }, 8);
    expect(build({ kind: 'span' })).toThrow('output span: expected architecture encoder, got encoder-decoder');
    for (const quantiles of [[], [0.5, 0.5], [0.9, 0.1], [0, 0.5], [0.5, 1], [Number.NaN]]) {
      expect(build({ kind: 'values', horizon: 2, quantiles })).toThrow(
        `expected quantiles between 0 and 1 in ascending order, got ${quantiles.join(', ') || 'none'}`,
      );
    }
    expect(build({ kind: 'values', horizon: 2, quantiles: [0.1, 0.5] })).not.toThrow();
  });

  test('a number of beams that is none', () => {
    const { model } = buildModel('none', shape, 8);
    const question = { kind: 'generate', startToken: 1, endToken: 2, maximumLength: 4 } as const;
    for (const beams of [0, -1, 1.5, Number.NaN]) {
      expect(() => createGenerator(model, { ...question, beams })).toThrow(
        `beams: expected a positive integer, got ${beams}`,
      );
    }
  });
});
