/**
 * From what a model computed for a batch to predictions, on the host; and the predictions of several batches in one.
 * Knows no model and no engine.
 * Shape legend: B batch, T source length, U target length, V vocabulary.
 */
import type { PlainTensor } from 'posenc/tensor';
import type { Batch, Predictions, SequenceArray } from '../tasks/task.ts';

/** The index of the largest number of each row of the last axis; the lower one where two are equal. */
export function bestOfRows({ shape, data }: PlainTensor): number[] {
  const width = shape.at(-1) as number;
  return Array.from({ length: data.length / width }, (_, row) => {
    let best = 0;
    for (let at = 1; at < width; at += 1) {
      if ((data[row * width + at] as number) > (data[row * width + best] as number)) best = at;
    }
    return best;
  });
}

/**
 * Sums of each example.
 *
 * @param nats - of each label, [N] over the whole batch
 * @param scored - [N], 1 where a label is scored
 */
export function lossesByExample(nats: PlainTensor, scored: PlainTensor, size: number): Predictions {
  const perExample = nats.data.length / size;
  const sums = new Float64Array(size);
  const counts = new Int32Array(size);
  nats.data.forEach((value, at) => {
    const example = Math.floor(at / perExample);
    sums[example] = (sums[example] as number) + value;
    counts[example] = (counts[example] as number) + (scored.data[at] as number);
  });
  return { kind: 'losses', nats: sums, counts };
}

/** Examples whose labels are all the most probable tokens, from logits [B, U, V]. */
export function exactExamples(logits: PlainTensor, { labels, size }: Batch): Predictions {
  const best = bestOfRows(logits);
  const width = labels.length / size;
  const right = Int32Array.from({ length: size }, (_, row) =>
    labels.subarray(row * width, (row + 1) * width).every((label, at) => label < 0 || label === best[row * width + at])
      ? 1
      : 0,
  );
  return { kind: 'exact', right };
}

/** The most probable class of each example, from logits [B, classes]. */
export function bestClasses(logits: PlainTensor): Predictions {
  return { kind: 'classes', classes: Int32Array.from(bestOfRows(logits)) };
}

/**
 * The most probable tag at each real position, from logits [B, T, V]; with `odds`, also the log-odds of any tag but the
 * first, in nats.
 */
export function bestTags(logits: PlainTensor, batch: Batch, odds = false): Predictions {
  const best = bestOfRows(logits);
  const [B, T, V] = logits.shape as [number, number, number];
  const lengths = realLengths(batch.source, B, T);
  const oddsAt = (position: number): number => {
    const [first, ...others] = logits.data.subarray(position * V, (position + 1) * V) as unknown as [
      number,
      ...number[],
    ];
    const most = Math.max(...others);
    return most + Math.log(others.reduce((sum, logit) => sum + Math.exp(logit - most), 0)) - first;
  };
  return {
    kind: 'tags',
    tags: Array.from({ length: B }, (_, row) =>
      Int32Array.from(best.slice(row * T, row * T + (lengths[row] as number))),
    ),
    ...(odds
      ? {
          odds: Array.from({ length: B }, (_, row) =>
            Float64Array.from({ length: lengths[row] as number }, (__, at) => oddsAt(row * T + at)),
          ),
        }
      : {}),
  };
}

/**
 * The best answer of each example, from logits [B, T, 2] of being its first and its last position: among those that
 * start at `answerFrom` or later, end within the sequence and take at most `maximumAnswer` positions, the one of the
 * largest sum (Devlin et al. 2019, arXiv 1810.04805, section 4.3), the earliest and shortest of equals. Its score is
 * that sum less the one of position 0, no answer, as there. Where no position may belong to an answer: 0, 0 and
 * −Infinity.
 */
export function bestSpans({ shape, data }: PlainTensor, batch: Batch, maximumAnswer: number): Predictions {
  const [B, T] = shape as [number, number, number];
  const lengths = realLengths(batch.source, B, T);
  const starts = new Int32Array(B);
  const ends = new Int32Array(B);
  const scores = new Float64Array(B).fill(Number.NEGATIVE_INFINITY);
  for (let row = 0; row < B; row += 1) {
    const logit = (position: number, side: 0 | 1): number => data[2 * (row * T + position) + side] as number;
    const length = lengths[row] as number;
    const none = logit(0, 0) + logit(0, 1);
    for (let start = batch.answerFrom?.[row] ?? 1; start < length; start += 1) {
      for (let end = start; end < Math.min(length, start + maximumAnswer); end += 1) {
        const score = logit(start, 0) + logit(end, 1) - none;
        if (score <= (scores[row] as number)) continue;
        scores[row] = score;
        starts[row] = start;
        ends[row] = end;
      }
    }
  }
  return { kind: 'spans', starts, ends, scores };
}

/** What is predicted at the last real position of each sequence, from values [B, T, width]. */
export function lastValues({ shape, data }: PlainTensor, batch: Batch): Predictions {
  const [B, length, width] = shape as [number, number, number];
  const lengths = realLengths(batch.target ?? batch.source, B, length);
  const rows = Array.from({ length: B }, (_, row) => {
    const start = (row * length + (lengths[row] as number) - 1) * width;
    return [...data.subarray(start, start + width)];
  });
  return { kind: 'values', values: Float64Array.from(rows.flat()) };
}

function realLengths(sequence: SequenceArray | undefined, size: number, length: number): Int32Array {
  return sequence?.lengths ?? new Int32Array(size).fill(length);
}

/**
 * The predictions of all batches in one, without the examples that only filled the last batch.
 *
 * @param sizes - of the batches, the filling included
 * @throws {RangeError} when there is no batch
 */
export function joinPredictions(
  answers: readonly Predictions[],
  sizes: readonly number[],
  examples: number,
): Predictions {
  const [first] = answers;
  if (first === undefined) throw new RangeError('evaluate: expected at least one batch, got none');
  const all = <Kind extends Predictions['kind']>(kind: Kind) =>
    answers.filter((answer): answer is Extract<Predictions, { kind: Kind }> => answer.kind === kind);
  const integers = (parts: readonly Int32Array[]): Int32Array =>
    Int32Array.from(parts.flatMap((part) => [...part]).slice(0, examples));
  const reals = (parts: readonly Float64Array[], width = 1): Float64Array =>
    Float64Array.from(parts.flatMap((part) => [...part]).slice(0, examples * width));
  switch (first.kind) {
    case 'sequences': {
      const alignments = all('sequences').flatMap((answer) => answer.alignments ?? []);
      return {
        kind: 'sequences',
        sequences: all('sequences')
          .flatMap(({ sequences }) => sequences)
          .slice(0, examples),
        ...(first.alignments === undefined ? {} : { alignments: alignments.slice(0, examples) }),
      };
    }
    case 'losses': {
      const parts = all('losses');
      return {
        kind: 'losses',
        nats: reals(parts.map(({ nats }) => nats)),
        counts: integers(parts.map(({ counts }) => counts)),
      };
    }
    case 'exact':
      return { kind: 'exact', right: integers(all('exact').map(({ right }) => right)) };
    case 'classes':
      return { kind: 'classes', classes: integers(all('classes').map(({ classes }) => classes)) };
    case 'tags': {
      const odds = all('tags').flatMap((answer) => answer.odds ?? []);
      return {
        kind: 'tags',
        tags: all('tags')
          .flatMap(({ tags }) => tags)
          .slice(0, examples),
        ...(first.odds === undefined ? {} : { odds: odds.slice(0, examples) }),
      };
    }
    case 'spans': {
      const parts = all('spans');
      return {
        kind: 'spans',
        starts: integers(parts.map(({ starts }) => starts)),
        ends: integers(parts.map(({ ends }) => ends)),
        scores: reals(parts.map(({ scores }) => scores)),
      };
    }
    case 'values': {
      const width = first.values.length / (sizes[0] as number);
      return {
        kind: 'values',
        values: reals(
          all('values').map(({ values }) => values),
          width,
        ),
      };
    }
  }
  return first satisfies never;
}
