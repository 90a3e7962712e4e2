/** The numbers training makes small. Labels come as weights, so that nothing scored has no label at all. */
import type { Operations, PlainTensor } from 'posenc/tensor';
import type { OutputKind } from '../model/model.ts';
import type { Batch } from '../tasks/task.ts';

/** Labels of a batch as tensors: what to answer, and 1 where it is scored, 0 elsewhere. */
export interface Labels {
  /** Tokens and classes: integers [N]; values: reals [N, horizon]. N counts all positions of the batch. */
  readonly answers: PlainTensor;
  /** [N] for tokens and classes, [N, horizon] for values. */
  readonly scored: PlainTensor;
}

/** The labels of a batch. Unscored ones are answered 0 and weigh 0. */
export function labelsOf(batch: Batch, output: OutputKind): Labels {
  const { labels } = batch;
  const shape = output.kind === 'values' ? [labels.length / output.horizon, output.horizon] : [labels.length];
  const real = output.kind === 'values';
  const data = Float64Array.from(labels);
  const scored = data.map((label) => ((real ? Number.isNaN(label) : label < 0) ? 0 : 1));
  const answers = data.map((label, at) => (scored[at] === 1 ? label : 0));
  return {
    answers: { shape, data: answers, type: real ? 'real' : 'integer' },
    scored: { shape, data: scored, type: 'real' },
  };
}

/**
 * Negative log-likelihood in nats of each label, [N], 0 where nothing is scored.
 * The label's row of an identity matrix picks its log-probability.
 *
 * @param logits - [B, V] or [B, U, V]
 */
export function negativeLogLikelihood<T>(operations: Operations<T>, logits: T, answers: T, scored: T): T {
  const { constant, exp, log, max, multiply, reshape, shape, stopGradient, subtract, sum, take } = operations;
  const classes = shape(logits).at(-1) as number;
  const [N] = shape(scored) as [number];
  const flat = reshape(logits, [N, classes]);
  const shifted = subtract(flat, stopGradient(max(flat, -1)));
  const oneHot = take(constant(identity(classes)), answers); // [N, classes]
  const chosen = sum(multiply(shifted, oneHot), -1);
  const nats = subtract(log(sum(exp(shifted), -1)), chosen); // [N, 1]
  return multiply(reshape(nats, [N]), scored);
}

/** The mean loss over scored labels, [1]: nats for tokens and classes, squared error for values. */
export function meanLoss<T>(operations: Operations<T>, output: OutputKind, prediction: T, answers: T, scored: T): T {
  const { divide, multiply, reshape, shape, subtract, sum } = operations;
  const total = (x: T): T => {
    const size = shape(x).reduce((product, extent) => product * extent, 1);
    return sum(reshape(x, [size]), 0);
  };
  if (output.kind !== 'values') {
    return divide(total(negativeLogLikelihood(operations, prediction, answers, scored)), total(scored));
  }
  const error = subtract(reshape(prediction, shape(answers)), answers);
  return divide(total(multiply(multiply(error, error), scored)), total(scored));
}

function identity(size: number): PlainTensor {
  const data = new Float64Array(size * size);
  for (let at = 0; at < size; at += 1) data[at * size + at] = 1;
  return { shape: [size, size], data, type: 'real' };
}
