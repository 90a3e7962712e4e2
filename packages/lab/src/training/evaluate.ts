/**
 * Asks a trained model a task's question, bucket by bucket, on jax-js: everything compiled, with as few shapes as the
 * task's batches have.
 */

import { dispose, fromPlain, type JaxArray, jaxOperations, jit, tidy, toPlain } from 'posenc/jax';
import { MASKED, type PlainTensor } from 'posenc/tensor';
import { createRandom } from '../data/random.ts';
import type { DecodingStep, Model, ModelInputs, Tensors } from '../model/model.ts';
import type { Batch, EvaluationSet, Predictions, Question, SequenceArray } from '../tasks/task.ts';
import { batchInputs, batchSignals, givesOwnPositions, shapeKey } from './inputs.ts';
import { labelsOf, negativeLogLikelihood } from './loss.ts';
import { mapTensors, uploadInputs } from './step.ts';

/** Asks one model. Holds compiled programs and signals in the engine until `dispose`. */
export interface Evaluator {
  /** Answers for the real examples of a bucket, in order. `pause` is awaited between batches and may throw. */
  ask(parameters: Tensors<JaxArray>, set: EvaluationSet, pause: () => Promise<void>): Promise<Predictions>;
  dispose(): void;
}

/** An evaluator for one question. Positions that are drawn depend on the seed and the batch's shape alone. */
export function createEvaluator(model: Model, question: Question, seed: number): Evaluator {
  const kept = new Map<string, Tensors<JaxArray>>();
  /** Signals for batches of this shape, computed and uploaded once. */
  const signalsFor = (batch: Batch): Tensors<JaxArray> => {
    const key = shapeKey(batch);
    const known = kept.get(key);
    const own = givesOwnPositions(batch);
    if (known !== undefined && !own) return known;
    if (known !== undefined) dispose(known);
    const random = createRandom(seed, 'evaluation positions', key);
    const signals = mapTensors(batchSignals(model, batch, { random, purpose: 'evaluation' }), fromPlain);
    kept.set(key, signals);
    return signals;
  };
  const forward = jit((parameters: Tensors<JaxArray>, inputs: ModelInputs<JaxArray>) =>
    model.forward(jaxOperations, parameters, inputs),
  );
  const likelihood = jit(
    (parameters: Tensors<JaxArray>, inputs: ModelInputs<JaxArray>, answers: JaxArray, scored: JaxArray) =>
      negativeLogLikelihood(jaxOperations, model.forward(jaxOperations, parameters, inputs), answers, scored),
  );
  const recomputes = question.kind === 'generate' && model.decoding === undefined;
  const generator = question.kind === 'generate' ? createGenerator(model, question) : undefined;

  const inputsOf = (batch: Batch, signals: Tensors<JaxArray>): ModelInputs<JaxArray> => ({
    ...uploadInputs(batchInputs(batch, model.shape.architecture)),
    signals,
  });
  /** Reads what a computation gives and frees everything it made. */
  const read = (compute: () => JaxArray): PlainTensor => {
    const result = tidy(compute);
    const values = toPlain(result);
    dispose(result);
    return values;
  };

  return {
    ask: async (parameters, { examples, batches }, pause) => {
      const answers: Predictions[] = [];
      for (const given of batches) {
        await pause();
        const batch = recomputes ? withRoomToWrite(given, question.maximumLength) : given;
        const signals = signalsFor(batch);
        switch (question.kind) {
          case 'generate':
            answers.push((generator as Generator).generate(parameters, batch, signals));
            break;
          case 'likelihood': {
            const labels = labelsOf(batch, model.shape.output);
            const nats = read(() =>
              likelihood(parameters, inputsOf(batch, signals), fromPlain(labels.answers), fromPlain(labels.scored)),
            );
            answers.push(lossesByExample(nats, labels.scored, batch.size));
            break;
          }
          case 'exact': {
            const best = bestOfRows(read(() => forward(parameters, inputsOf(batch, signals))));
            answers.push({ kind: 'exact', right: rightExamples(best, batch) });
            break;
          }
          case 'classify':
            answers.push({
              kind: 'classes',
              classes: Int32Array.from(bestOfRows(read(() => forward(parameters, inputsOf(batch, signals))))),
            });
            break;
          case 'regress':
            answers.push({
              kind: 'values',
              values: atLastPosition(
                read(() => forward(parameters, inputsOf(batch, signals))),
                batch,
              ),
            });
            break;
          default:
            question satisfies never;
        }
      }
      const { output } = model.shape;
      return firstExamples(answers, examples, output.kind === 'values' ? output.horizon : 1);
    },
    dispose: () => {
      for (const signals of kept.values()) dispose(signals);
      forward.dispose();
      likelihood.dispose();
      generator?.dispose();
    },
  };
}

interface Generator {
  generate(parameters: Tensors<JaxArray>, batch: Batch, signals: Tensors<JaxArray>): Predictions;
  dispose(): void;
}

/** Greedy decoding with a cache; the most probable token is always taken. */
function createGenerator(model: Model, question: Extract<Question, { kind: 'generate' }>): Generator {
  const { decoding } = model;
  if (decoding === undefined) return createRecomputingGenerator(model, question);
  const { startToken, endToken, maximumLength } = question;
  const memoryOf = jit((parameters: Tensors<JaxArray>, inputs: ModelInputs<JaxArray>) =>
    decoding.memory(jaxOperations, parameters, inputs),
  );
  const advance = jit(
    (
      parameters: Tensors<JaxArray>,
      memory: Tensors<JaxArray>,
      cache: Tensors<JaxArray>,
      step: DecodingStep<JaxArray>,
    ) => decoding.step(jaxOperations, parameters, memory, cache, step),
  );
  const generate: Generator['generate'] = (parameters, batch, signals) => {
    const { size } = batch;
    const inputs = { ...uploadInputs(batchInputs(batch, model.shape.architecture)), signals };
    const memory = memoryOf(parameters, inputs);
    let cache: Tensors<JaxArray> = mapTensors(decoding.emptyCache(size, maximumLength), fromPlain);
    const sequences: number[][] = Array.from({ length: size }, () => []);
    const open = new Set(sequences.keys());
    let tokens = new Array<number>(size).fill(startToken);
    for (let step = 0; step < maximumLength && open.size > 0; step += 1) {
      const result = tidy(() =>
        advance(parameters, memory, cache, {
          ...mapTensors(stepInputs(tokens, step, maximumLength), fromPlain),
          ...(inputs.sourceMask === undefined ? {} : { sourceMask: inputs.sourceMask }),
          signals: mapTensors(decoding.signals(step, maximumLength), fromPlain),
        } as DecodingStep<JaxArray>),
      );
      dispose(cache);
      cache = result.cache;
      tokens = bestOfRows(toPlain(result.logits));
      dispose(result.logits);
      for (const row of open) {
        const token = tokens[row] as number;
        if (token === endToken) open.delete(row);
        else (sequences[row] as number[]).push(token);
      }
    }
    const { signals: _, ...own } = inputs;
    for (const held of [cache, memory, own]) dispose(held);
    return { kind: 'sequences', sequences };
  };
  return {
    generate,
    dispose: () => {
      memoryOf.dispose();
      advance.dispose();
    },
  };
}

/** The batch with an empty target of as many tokens as may be written. */
function withRoomToWrite(batch: Batch, length: number): Batch {
  const lengths = new Int32Array(batch.size).fill(length);
  return { ...batch, target: { data: new Int32Array(batch.size * length), length, lengths } };
}

/** Greedy decoding that computes every token anew at each step, for models that cannot keep keys. */
function createRecomputingGenerator(model: Model, question: Extract<Question, { kind: 'generate' }>): Generator {
  const { startToken, endToken, maximumLength } = question;
  const forward = jit((parameters: Tensors<JaxArray>, inputs: ModelInputs<JaxArray>) =>
    model.forward(jaxOperations, parameters, inputs),
  );
  const generate: Generator['generate'] = (parameters, batch, signals) => {
    const { size } = batch;
    const target = batch.target as SequenceArray;
    const written = target.data;
    const sequences: number[][] = Array.from({ length: size }, () => []);
    const open = new Set(sequences.keys());
    for (let row = 0; row < size; row += 1) written[row * maximumLength] = startToken;
    for (let step = 0; step < maximumLength && open.size > 0; step += 1) {
      const logits = tidy(() => {
        const inputs = uploadInputs(batchInputs(batch, model.shape.architecture));
        const all = forward(parameters, { ...inputs, signals });
        const width = jaxOperations.shape(all).at(-1) as number;
        return jaxOperations.reshape(jaxOperations.slice(all, 1, step, step + 1), [size, width]);
      });
      const tokens = bestOfRows(toPlain(logits));
      dispose(logits);
      for (const row of open) {
        const token = tokens[row] as number;
        if (token === endToken) open.delete(row);
        else (sequences[row] as number[]).push(token);
        if (step + 1 < maximumLength) written[row * maximumLength + step + 1] = token;
      }
    }
    return { kind: 'sequences', sequences };
  };
  return { generate, dispose: () => forward.dispose() };
}

/** The inputs of decoding step t that do not depend on the model. */
export function stepInputs(
  tokens: readonly number[],
  step: number,
  length: number,
): Record<'token' | 'writeAt' | 'cacheMask', PlainTensor> {
  const rows = (value: (row: number) => number): Float64Array => Float64Array.from({ length }, (_, row) => value(row));
  return {
    token: { shape: [tokens.length, 1], data: Float64Array.from(tokens), type: 'integer' },
    writeAt: { shape: [1, 1, length, 1], data: rows((row) => (row === step ? 1 : 0)), type: 'real' },
    cacheMask: { shape: [1, 1, 1, length], data: rows((row) => (row > step ? MASKED : 0)), type: 'real' },
  };
}

/** The index of the largest number of each row of the last axis. */
function bestOfRows({ shape, data }: PlainTensor): number[] {
  const width = shape.at(-1) as number;
  return Array.from({ length: data.length / width }, (_, row) => {
    let best = 0;
    for (let at = 1; at < width; at += 1) {
      if ((data[row * width + at] as number) > (data[row * width + best] as number)) best = at;
    }
    return best;
  });
}

function lossesByExample(nats: PlainTensor, scored: PlainTensor, size: number): Predictions {
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

/** 1 for each example whose labels are all the best tokens. */
function rightExamples(best: readonly number[], { labels, size }: Batch): Int32Array {
  const width = labels.length / size;
  return Int32Array.from({ length: size }, (_, row) =>
    labels.subarray(row * width, (row + 1) * width).every((label, at) => label < 0 || label === best[row * width + at])
      ? 1
      : 0,
  );
}

/** Row-major [B, horizon]: the prediction at each sequence's last real position. */
function atLastPosition({ shape, data }: PlainTensor, batch: Batch): Float64Array {
  const [B, length, horizon] = shape as [number, number, number];
  const lengths = (batch.target ?? batch.source)?.lengths;
  const rows = Array.from({ length: B }, (_, row) => {
    const start = (row * length + (lengths?.[row] ?? length) - 1) * horizon;
    return [...data.subarray(start, start + horizon)];
  });
  return Float64Array.from(rows.flat());
}

/** The answers of all batches in one, without the examples that only filled the last batch. */
function firstExamples(answers: readonly Predictions[], examples: number, horizon: number): Predictions {
  const [first] = answers;
  if (first === undefined) throw new RangeError('evaluate: expected at least one batch, got none');
  const all = <Kind extends Predictions['kind']>(kind: Kind) =>
    answers.filter((answer): answer is Extract<Predictions, { kind: Kind }> => answer.kind === kind);
  switch (first.kind) {
    case 'sequences':
      return {
        kind: 'sequences',
        sequences: all('sequences')
          .flatMap(({ sequences }) => sequences)
          .slice(0, examples),
      };
    case 'losses':
      return {
        kind: 'losses',
        nats: Float64Array.from(
          all('losses')
            .flatMap(({ nats }) => [...nats])
            .slice(0, examples),
        ),
        counts: Int32Array.from(
          all('losses')
            .flatMap(({ counts }) => [...counts])
            .slice(0, examples),
        ),
      };
    case 'exact':
      return {
        kind: 'exact',
        right: Int32Array.from(
          all('exact')
            .flatMap(({ right }) => [...right])
            .slice(0, examples),
        ),
      };
    case 'classes':
      return {
        kind: 'classes',
        classes: Int32Array.from(
          all('classes')
            .flatMap(({ classes }) => [...classes])
            .slice(0, examples),
        ),
      };
    case 'values': {
      const values = all('values').flatMap(({ values }) => [...values]);
      return { kind: 'values', values: Float64Array.from(values.slice(0, examples * horizon)) };
    }
  }
}
