/**
 * Writes sequences with a model on jax-js, token by token: with a cache of keys where the model can keep one, else
 * computing every token anew at each step.
 */
import { dispose, fromPlain, type JaxArray, jaxOperations, jit, tidy, toPlain } from 'posenc/jax';
import { MASKED, type PlainTensor } from 'posenc/tensor';
import type { Decoding, DecodingStep, Model, ModelInputs, Tensors } from '../model/model.ts';
import type { Batch, Question, SequenceArray } from '../tasks/task.ts';
import { beamSearch, greedySearch, type NextLogits } from './beam-search.ts';
import { batchInputs, repeatExamples } from './inputs.ts';
import { mapTensors, uploadInputs } from './step.ts';

/** Writes with one model. Holds compiled programs until `dispose`. */
export interface Generator {
  /** The batch as `generate` wants it, whose signals it needs: an example for each hypothesis, and room to write. */
  prepare(batch: Batch): Batch;
  /** What is written for each example of the batch that was prepared, without start and end. */
  generate(parameters: Tensors<JaxArray>, prepared: Batch, signals: Tensors<JaxArray>): number[][];
  dispose(): void;
}

/** Writing into the rows of one batch. */
interface Writing {
  readonly next: NextLogits;
  dispose(): void;
}

/** Starts writing, and holds what is compiled for it. */
interface Writer {
  start(parameters: Tensors<JaxArray>, batch: Batch, signals: Tensors<JaxArray>): Writing;
  dispose(): void;
}

/**
 * A generator for one question.
 *
 * @throws {RangeError} when `beams` is not a positive integer
 */
export function createGenerator(model: Model, question: Extract<Question, { kind: 'generate' }>): Generator {
  const { beams = 1, maximumLength } = question;
  if (!Number.isSafeInteger(beams) || beams < 1) {
    throw new RangeError(`generate: beams: expected a positive integer, got ${beams}`);
  }
  const { decoding } = model;
  const writer =
    decoding === undefined ? recomputingWriter(model, maximumLength) : cachingWriter(model, decoding, maximumLength);
  return {
    prepare: (batch) => {
      const repeated = repeatExamples(batch, beams);
      return decoding === undefined ? withRoomToWrite(repeated, maximumLength) : repeated;
    },
    generate: (parameters, prepared, signals) => {
      const writing = writer.start(parameters, prepared, signals);
      try {
        return beams === 1
          ? greedySearch(writing.next, prepared.size, question)
          : beamSearch(writing.next, prepared.size / beams, beams, question);
      } finally {
        writing.dispose();
      }
    },
    dispose: () => writer.dispose(),
  };
}

/** Keeps keys and values; a row that goes on from another one takes over its cache. */
function cachingWriter(model: Model, decoding: Decoding, maximumLength: number): Writer {
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
  const rowsOf = jit((cache: Tensors<JaxArray>, rows: JaxArray) =>
    mapTensors(cache, (kept) => jaxOperations.take(kept, rows)),
  );
  const start: Writer['start'] = (parameters, batch, signals) => {
    const inputs = uploadInputs(batchInputs(batch, model.shape.architecture));
    const memory = memoryOf(parameters, { ...inputs, signals });
    let cache: Tensors<JaxArray> = mapTensors(decoding.emptyCache(batch.size, maximumLength), fromPlain);
    let step = 0;
    return {
      next: (tokens, parents) => {
        const result = tidy(() =>
          advance(parameters, memory, parents === undefined ? cache : rowsOf(cache, fromPlain(rowNumbers(parents))), {
            ...mapTensors(stepInputs(tokens, step, maximumLength), fromPlain),
            ...(inputs.sourceMask === undefined ? {} : { sourceMask: inputs.sourceMask }),
            signals: mapTensors(decoding.signals(step, maximumLength), fromPlain),
          } as DecodingStep<JaxArray>),
        );
        step += 1;
        dispose(cache);
        cache = result.cache;
        const logits = toPlain(result.logits);
        dispose(result.logits);
        return logits;
      },
      dispose: () => {
        for (const held of [cache, memory, inputs]) dispose(held);
      },
    };
  };
  return {
    start,
    dispose: () => {
      memoryOf.dispose();
      advance.dispose();
      rowsOf.dispose();
    },
  };
}

/** Computes every token anew at each step, for models that cannot keep keys. */
function recomputingWriter(model: Model, maximumLength: number): Writer {
  const forward = jit((parameters: Tensors<JaxArray>, inputs: ModelInputs<JaxArray>) =>
    model.forward(jaxOperations, parameters, inputs),
  );
  const start: Writer['start'] = (parameters, batch, signals) => {
    const { size } = batch;
    const target = batch.target as SequenceArray;
    let written = target.data;
    let step = 0;
    const next: NextLogits = (tokens, parents) => {
      if (parents !== undefined) {
        const before = written;
        written = new Int32Array(size * maximumLength);
        parents.forEach((parent, row) => {
          const past = before.subarray(parent * maximumLength, parent * maximumLength + step);
          written.set(past, row * maximumLength);
        });
      }
      tokens.forEach((token, row) => {
        written[row * maximumLength + step] = token;
      });
      const logits = tidy(() => {
        const given = { ...batch, target: { ...target, data: written } };
        const all = forward(parameters, { ...uploadInputs(batchInputs(given, model.shape.architecture)), signals });
        const width = jaxOperations.shape(all).at(-1) as number;
        return jaxOperations.reshape(jaxOperations.slice(all, 1, step, step + 1), [size, width]);
      });
      step += 1;
      const values = toPlain(logits);
      dispose(logits);
      return values;
    };
    return { next, dispose: () => undefined };
  };
  return { start, dispose: () => forward.dispose() };
}

/** The batch with an empty target of as many tokens as may be written. */
function withRoomToWrite(batch: Batch, length: number): Batch {
  const lengths = new Int32Array(batch.size).fill(length);
  return { ...batch, target: { data: new Int32Array(batch.size * length), length, lengths } };
}

function rowNumbers(rows: readonly number[]): PlainTensor {
  return { shape: [rows.length], data: Float64Array.from(rows), type: 'integer' };
}

/** The inputs of decoding step t that do not depend on the model. */
function stepInputs(
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
