/**
 * The numbers training makes small. Labels come as weights, so that nothing scored has no label at all.
 * Shape legend: B batch, T source length, U target length, V vocabulary, N labels of the whole batch, Q quantiles.
 */
import { type Operations, type PlainTensor, tensor } from 'posenc/tensor';
import type { OutputKind } from '../model/model.ts';
import type { Batch } from '../tasks/task.ts';

/** Labels of a batch as tensors: what to answer, and 1 where it is scored, 0 elsewhere. */
export interface Labels {
  /** Tokens, classes and positions of spans: integers [N], spans first and last in turn; values: reals [N, horizon]. */
  readonly answers: PlainTensor;
  /** [N], or [N, horizon] for values. */
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
 *
 * @param logits - [B, V], [B, U, V] or any other shape of N rows
 */
export function negativeLogLikelihood<T>(operations: Operations<T>, logits: T, answers: T, scored: T): T {
  const { exp, log, max, multiply, reshape, shape, stopGradient, subtract, sum } = operations;
  const classes = shape(logits).at(-1) as number;
  const [N] = shape(scored) as [number];
  const flat = reshape(logits, [N, classes]);
  const shifted = subtract(flat, stopGradient(max(flat, -1)));
  const chosen = sum(multiply(shifted, oneHot(operations, answers, classes)), -1);
  const nats = subtract(log(sum(exp(shifted), -1)), chosen); // [N, 1]
  return multiply(reshape(nats, [N]), scored);
}

/**
 * The mean loss over scored labels, [1].
 * Tokens, classes: nats. Spans: nats of the first and of the last position, each over the real positions of its
 * sequence, as `BertForQuestionAnswering` of Hugging Face transformers 5.23.0 (Devlin et al. 2019, arXiv 1810.04805,
 * section 4.2). Values: squared error; with quantiles the pinball loss, the mean over quantiles too.
 */
export function meanLoss<T>(operations: Operations<T>, output: OutputKind, prediction: T, answers: T, scored: T): T {
  const { divide, multiply, permute, reshape, shape, subtract } = operations;
  switch (output.kind) {
    case 'tokens':
    case 'class': {
      const nats = negativeLogLikelihood(operations, prediction, answers, scored);
      return divide(total(operations, nats), total(operations, scored));
    }
    case 'span': {
      const bySide = permute(prediction, [0, 2, 1]); // [B, 2, T]
      const nats = negativeLogLikelihood(operations, bySide, answers, scored);
      return divide(total(operations, nats), total(operations, scored));
    }
    case 'values': {
      if (output.quantiles !== undefined) {
        const losses = pinballLoss(operations, prediction, answers, scored, output.quantiles);
        return divide(total(operations, losses), multiply(total(operations, scored), output.quantiles.length));
      }
      const error = subtract(reshape(prediction, shape(answers)), answers);
      return divide(total(operations, multiply(multiply(error, error), scored)), total(operations, scored));
    }
  }
  return output satisfies never;
}

/**
 * The pinball loss of each forecast quantile, max(τ·(y − ŷ), (τ − 1)·(y − ŷ)), [N, horizon, Q], 0 where nothing is
 * scored (Koenker and Bassett 1978, "Regression quantiles", Econometrica 46, equation 2.2). Quantiles that cross are
 * left so.
 *
 * @param prediction - [B, U, horizon · Q], the quantiles of each step side by side
 * @param answers - [N, horizon]
 */
export function pinballLoss<T>(
  operations: Operations<T>,
  prediction: T,
  answers: T,
  scored: T,
  quantiles: readonly number[],
): T {
  const { constant, maximum, multiply, reshape, shape, subtract } = operations;
  const [N, horizon] = shape(answers) as [number, number];
  const Q = quantiles.length;
  const levels = constant(tensor([1, 1, Q], quantiles));
  const error = subtract(reshape(answers, [N, horizon, 1]), reshape(prediction, [N, horizon, Q]));
  const loss = maximum(multiply(levels, error), multiply(subtract(levels, 1), error));
  return multiply(loss, reshape(scored, [N, horizon, 1]));
}

/** The sum of all elements, [1]. */
function total<T>({ reshape, shape, sum }: Operations<T>, x: T): T {
  const size = shape(x).reduce((product, extent) => product * extent, 1);
  return sum(reshape(x, [size]), 0);
}

/**
 * 1 at each answer, [N, classes]. A table of W columns, W² ≥ classes, has its answer in one row and one column: two
 * tables of classes · W numbers say which, where an identity matrix would take classes².
 */
function oneHot<T>({ constant, multiply, reshape, shape, slice, take }: Operations<T>, answers: T, classes: number): T {
  const [N] = shape(answers) as [number];
  const width = Math.ceil(Math.sqrt(classes));
  const table = (placeOf: (answer: number) => number): T => {
    const data = new Float64Array(classes * width);
    for (let answer = 0; answer < classes; answer += 1) data[answer * width + placeOf(answer)] = 1;
    return take(constant({ shape: [classes, width], data, type: 'real' }), answers); // [N, W]
  };
  const row = reshape(
    table((answer) => Math.floor(answer / width)),
    [N, width, 1],
  );
  const column = reshape(
    table((answer) => answer % width),
    [N, 1, width],
  );
  return slice(reshape(multiply(row, column), [N, width * width]), -1, 0, classes);
}
