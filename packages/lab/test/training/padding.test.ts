/** Whatever stands beside a sequence in its batch, and however much padding follows it, its answer is the same. */
import { dispose, fromPlain, initializeJax } from 'posenc/jax';
import { encodingDescriptions } from 'posenc/registry';
import { float64Operations, type PlainTensor } from 'posenc/tensor';
import { beforeAll, describe, expect, test } from 'vitest';
import { createRandom } from '../../src/data/random.ts';
import { buildModel } from '../../src/model/build.ts';
import type { Architecture, Model, ModelShape, OutputKind } from '../../src/model/model.ts';
import { initializeParameters } from '../../src/model/parameters.ts';
import { tokenSequences } from '../../src/tasks/shared/batches.ts';
import type { Batch, Predictions, Question } from '../../src/tasks/task.ts';
import { createEvaluator } from '../../src/training/evaluate.ts';
import { batchInputs, batchSignals } from '../../src/training/inputs.ts';
import { bestClasses, bestSpans, bestTags, joinPredictions, lastValues } from '../../src/training/predictions.ts';

const VOCABULARY = 8;
const MAXIMUM = 16;
const TARGET = 6;
const START = 1;
const END = 2;
const SOURCES = [
  [3, 4, 5, 6, 7, 3, 5],
  [6, 3],
  [7, 5, 4, 4, 6],
];
const PADDED = 9;

const shapeOf = (architecture: Architecture, output: OutputKind): ModelShape => ({
  architecture,
  modelDim: 16,
  numHeads: 2,
  feedForwardDim: 16,
  encoderLayers: architecture === 'decoder' ? 0 : 1,
  decoderLayers: architecture === 'encoder' ? 0 : 1,
  input: { kind: 'tokens', vocabulary: VOCABULARY },
  output,
});
const tokens: OutputKind = { kind: 'tokens', vocabulary: VOCABULARY };

/** All sources in one batch, padded further than any of them. */
const together = batchOf(SOURCES, PADDED);
/** Each source in a batch of its own, without padding. */
const alone = SOURCES.map((source) => batchOf([source], source.length));

function batchOf(sources: readonly number[][], length: number): Batch {
  const targets = sources.map((source) => [START, ...source.toReversed()].slice(0, TARGET));
  return {
    size: sources.length,
    source: tokenSequences(sources, length),
    target: tokenSequences(targets, TARGET),
    labels: new Int32Array(sources.length * TARGET),
  };
}

/** Drawn away from where they start, so that tables of zeros take part and the source decides what is written. */
function parametersOf(model: Model): Record<string, PlainTensor> {
  const random = createRandom(2, 'parameters');
  return Object.fromEntries(
    Object.entries(initializeParameters(model, 1)).map(([name, { shape, data, type }]) => {
      const factor = /cross\.|embedding|\.state/.test(name) ? 2 : 1;
      return [name, { shape, data: data.map((value) => factor * value + 0.05 * random.normal()), type }];
    }),
  );
}

function forward(model: Model, batch: Batch): PlainTensor {
  return model.forward(float64Operations, parametersOf(model), {
    ...batchInputs(batch, model.shape.architecture),
    signals: batchSignals(model, batch),
  });
}

/** Models that can be built with every encoding of text, the recurrent control included. */
function namesFor(shape: ModelShape): string[] {
  const all = encodingDescriptions
    .filter(({ axes }) => axes === 'any' || (typeof axes !== 'string' && axes.includes(1)))
    .map(({ name }) => name);
  return [...all, 'gru'].filter((name) => {
    try {
      buildModel(name, shape, MAXIMUM);
      return true;
    } catch {
      return false;
    }
  });
}

describe('logits of a target', () => {
  const shape = shapeOf('encoder-decoder', tokens);
  const names = namesFor(shape);

  test('are asked of most encodings', () => expect(names.length).toBeGreaterThanOrEqual(30));

  test.each(names)('are the same in a batch and alone with %s', (name) => {
    const { model } = buildModel(name, shape, MAXIMUM);
    const { data } = forward(model, together);
    alone.forEach((batch, row) => {
      const own = forward(model, batch).data;
      own.forEach((value, at) => {
        expect(Math.abs(value - (data[row * own.length + at] as number)), `${row}, ${at}`).toBeLessThan(1e-10);
      });
    });
  });

  test('are not where the encoding itself looks at the length of the whole input', () => {
    // Its frequencies are chosen by the longest position there is, as in Hugging Face transformers.
    const { model } = buildModel('rotary:scaling=dynamic-ntk:factor=2:originalLength=4', shape, MAXIMUM);
    const own = forward(model, alone[1] as Batch).data;
    const beside = forward(model, together).data.subarray(own.length, 2 * own.length);
    expect(Math.max(...own.map((value, at) => Math.abs(value - (beside[at] as number))))).toBeGreaterThan(1e-6);
  });
});

describe('answers of an encoder', () => {
  const classes: OutputKind = { kind: 'class', classes: 5 };
  const values: OutputKind = { kind: 'values', horizon: 2, quantiles: [0.1, 0.5, 0.9] };
  const names = namesFor(shapeOf('encoder', classes));

  test.each(names)('are the same in a batch and alone with %s: tags, spans, classes, values', (name) => {
    const ask = (output: OutputKind, read: (answer: PlainTensor, batch: Batch) => Predictions): Predictions => {
      const { model } = buildModel(name, shapeOf('encoder', output), MAXIMUM);
      const bySource = ({ target: _, ...batch }: Batch): Predictions => read(forward(model, batch), batch);
      const all = bySource(together);
      const each = joinPredictions(
        alone.map(bySource),
        alone.map(({ size }) => size),
        SOURCES.length,
      );
      expectAlike(all, each);
      return all;
    };
    const tags = ask(tokens, bestTags);
    expect(tags.kind === 'tags' && tags.tags.map(({ length }) => length)).toEqual(SOURCES.map(({ length }) => length));
    ask({ kind: 'span' }, (answer, batch) => bestSpans(answer, batch, 3));
    ask(classes, bestClasses);
    ask(values, lastValues);
  });

  function expectClose(all: Float64Array, each: Float64Array): void {
    expect(all.length).toBe(each.length);
    for (const [at, value] of all.entries()) expect(value).toBeCloseTo(each[at] as number, 10);
  }

  function expectAlike(all: Predictions, each: Predictions): void {
    if (all.kind === 'values' && each.kind === 'values') {
      expectClose(all.values, each.values);
    } else if (all.kind === 'spans' && each.kind === 'spans') {
      expect([all.starts, all.ends]).toEqual([each.starts, each.ends]);
      expectClose(all.scores, each.scores);
    } else {
      expect(all).toEqual(each);
    }
  }
});

describe('text', () => {
  beforeAll(async () => initializeJax());

  /** What jax-js writes for the batches, one after another. */
  async function write(
    model: Model,
    batches: readonly Batch[],
    beams: number,
  ): Promise<readonly (readonly number[])[]> {
    const question: Question = { kind: 'generate', startToken: START, endToken: END, maximumLength: TARGET, beams };
    const evaluator = createEvaluator(model, question, 0);
    const held = Object.fromEntries(
      Object.entries(parametersOf(model)).map(([name, value]) => [name, fromPlain(value)]),
    );
    const bucket = { label: 'all', minimum: 1, maximum: PADDED, trained: true };
    const answers = await evaluator.ask(held, { bucket, examples: SOURCES.length, batches }, async () => undefined);
    evaluator.dispose();
    dispose(held);
    if (answers.kind !== 'sequences') throw new TypeError('expected sequences');
    return answers.sequences;
  }

  const shape = shapeOf('encoder-decoder', tokens);
  const CACHED = ['learned', 'alibi', 't5', 'rotary', 'gru'];
  const RECOMPUTED = ['shaw', 'forgetting', 'attention-sinks'];

  test.each([...CACHED, ...RECOMPUTED])(
    'is the same in a batch and alone with %s, greedy and by beam',
    async (name) => {
      const { model } = buildModel(name, shape, MAXIMUM);
      expect(model.decoding !== undefined).toBe(CACHED.includes(name));
      for (const beams of [1, 3]) {
        const texts = await write(model, [together], beams);
        expect(texts).toEqual(await write(model, alone, beams));
        expect(new Set(texts.map(String)).size).toBeGreaterThan(1);
      }
    },
  );

  test.each(['rotary', 'gru'])('is the same by beam with a cache and without, with %s', async (name) => {
    const { model } = buildModel(name, shape, MAXIMUM);
    const { decoding: _, ...recomputing } = model;
    expect(await write(recomputing, [together], 3)).toEqual(await write(model, [together], 3));
  });
});
