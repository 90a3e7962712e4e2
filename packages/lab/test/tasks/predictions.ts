/** Predictions made of the labels of a task's own batches: as if a model had answered everything right. */
import type {
  Alignment,
  Batch,
  EvaluationSet,
  Predictions,
  PreparedTask,
  SequenceArray,
} from '../../src/tasks/task.ts';

/** The examples of a set, in order, with their rows of labels; those that only fill the last batch are left out. */
function rowsOf({ batches, examples }: EvaluationSet): { batch: Batch; row: number; labels: number[] }[] {
  return batches
    .flatMap((batch) => {
      const width = batch.labels.length / batch.size;
      return Array.from({ length: batch.size }, (_, row) => ({
        batch,
        row,
        labels: [...batch.labels.subarray(row * width, (row + 1) * width)],
      }));
    })
    .slice(0, examples);
}

const lengthOf = (sequence: SequenceArray | undefined, row: number): number => sequence?.lengths[row] as number;

/** Equal attention to every source position. */
function evenly(batch: Batch): Alignment {
  const [rows, columns] = [batch.target?.length as number, batch.source?.length as number];
  return { rows, columns, weights: new Float32Array(rows * columns).fill(1 / columns) };
}

/** The expected answers of a set; values are those of the labels at the last position. */
export function rightPredictions({ question, output }: PreparedTask, set: EvaluationSet): Predictions {
  const rows = rowsOf(set);
  switch (question.kind) {
    case 'generate':
      return {
        kind: 'sequences',
        sequences: rows.map(({ labels }) => labels.filter((label) => label >= 0)),
        ...(question.alignments === true ? { alignments: rows.map(({ batch }) => evenly(batch)) } : {}),
      };
    case 'likelihood':
      return {
        kind: 'losses',
        nats: new Float64Array(rows.length),
        counts: Int32Array.from(rows, ({ labels }) => labels.filter((label) => label >= 0).length),
      };
    case 'exact':
      return { kind: 'exact', right: new Int32Array(rows.length).fill(1) };
    case 'classify':
      return { kind: 'classes', classes: Int32Array.from(rows, ({ labels }) => labels[0] as number) };
    case 'tag': {
      const tags = rows.map(({ batch, row, labels }) =>
        Int32Array.from(labels.slice(0, lengthOf(batch.source, row)), (label) => Math.max(0, label)),
      );
      const odds = tags.map((list) => Float64Array.from(list, (tag) => (tag > 0 ? 1 : -1)));
      return { kind: 'tags', tags, ...(question.odds === true ? { odds } : {}) };
    }
    case 'span':
      return {
        kind: 'spans',
        starts: Int32Array.from(rows, ({ batch, row, labels }) => labels[0] || (batch.answerFrom?.[row] as number)),
        ends: Int32Array.from(rows, ({ batch, row, labels }) => labels[1] || (batch.answerFrom?.[row] as number)),
        scores: Float64Array.from(rows, ({ labels }) => ((labels[0] as number) > 0 ? 1 : -1)),
      };
    case 'regress': {
      const width = output.kind === 'values' ? output.horizon : 1;
      const repeated = output.kind === 'values' ? (output.quantiles?.length ?? 1) : 1;
      return {
        kind: 'values',
        values: Float64Array.from(
          rows.flatMap(({ batch, row, labels }) => {
            const last = lengthOf(batch.target ?? batch.source, row) - 1;
            return labels
              .slice(last * width, (last + 1) * width)
              .flatMap((value) => new Array<number>(repeated).fill(Number.isNaN(value) ? 0 : value));
          }),
        ),
      };
    }
  }
}

/** Answers that are wrong nearly everywhere, and no model's: the same for every example. */
export function wrongPredictions(prepared: PreparedTask, set: EvaluationSet): Predictions {
  const right = rightPredictions(prepared, set);
  switch (right.kind) {
    case 'sequences':
      return { ...right, sequences: right.sequences.map(() => []) };
    case 'losses':
      return { ...right, nats: Float64Array.from(right.counts, (count) => 20 * count) };
    case 'exact':
      return { ...right, right: new Int32Array(right.right.length) };
    case 'classes':
      return { ...right, classes: right.classes.map((label) => (label === 0 ? 1 : 0)) };
    case 'tags':
      return {
        ...right,
        tags: right.tags.map((tags) => new Int32Array(tags.length)),
        ...(right.odds === undefined ? {} : { odds: right.odds.map((list) => list.map((nats) => -nats)) }),
      };
    case 'spans':
      return { ...right, ends: right.starts, scores: right.scores.map((score) => -score) };
    case 'values':
      return { ...right, values: right.values.map((value) => value + 1000) };
  }
}
