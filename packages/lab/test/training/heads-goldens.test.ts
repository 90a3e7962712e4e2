/**
 * Heads, losses, attention weights and generated text against Hugging Face transformers, PyTorch and scikit-learn
 * (reference/heads.py).
 */
import { dispose, fromPlain, initializeJax } from 'posenc/jax';
import { positionRange } from 'posenc/positions';
import { float64Operations, type PlainTensor, tensor, valueAndGradient } from 'posenc/tensor';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildModel } from '../../src/model/build.ts';
import type { ModelShape, OutputKind, Tensors } from '../../src/model/model.ts';
import { tokenSequences } from '../../src/tasks/shared/batches.ts';
import type { Batch, Predictions, Question } from '../../src/tasks/task.ts';
import { crossAttention } from '../../src/training/attention.ts';
import { createEvaluator } from '../../src/training/evaluate.ts';
import { batchInputs } from '../../src/training/inputs.ts';
import { labelsOf, meanLoss, pinballLoss } from '../../src/training/loss.ts';
import { bestTags } from '../../src/training/predictions.ts';
import golden from '../fixtures/heads.golden.json' with { type: 'json' };

interface Stored {
  readonly shape: readonly number[];
  /** null where nothing is said: at padding. */
  readonly data: readonly (number | null)[];
}
const { sizes, sources } = golden;
const B = sources.length;
const T = Math.max(...sources.map(({ length }) => length));
const operations = float64Operations;

const pairShape: ModelShape = {
  architecture: 'encoder-decoder',
  modelDim: sizes.modelDim,
  numHeads: sizes.numHeads,
  feedForwardDim: sizes.feedForwardDim,
  encoderLayers: sizes.layers,
  decoderLayers: sizes.layers,
  input: { kind: 'tokens', vocabulary: sizes.vocabulary },
  output: { kind: 'tokens', vocabulary: sizes.vocabulary },
};
const encoderShape = (output: OutputKind): ModelShape => ({
  ...pairShape,
  architecture: 'encoder',
  decoderLayers: 0,
  output,
});

const plain = ({ shape, data }: Stored): PlainTensor =>
  tensor(
    shape,
    data.map((value) => value ?? 0),
  );
const plainAll = (stored: Readonly<Record<string, Stored>>): Record<string, PlainTensor> =>
  Object.fromEntries(Object.entries(stored).map(([name, value]) => [name, plain(value)]));
const source = tokenSequences(sources, T);

/** Every element within `tolerance` of the wanted one, relative to the largest wanted one. */
function expectClose(name: string, actual: PlainTensor | undefined, wanted: Stored, tolerance: number): void {
  expect(actual?.shape, name).toEqual(wanted.shape);
  const size = Math.max(1e-3, ...wanted.data.map((value) => Math.abs(value ?? 0)));
  wanted.data.forEach((value, at) => {
    if (value === null) return;
    expect(Math.abs((actual?.data[at] as number) - value) / size, `${name}[${at}]`).toBeLessThanOrEqual(tolerance);
  });
}

function declared(parameters: readonly { readonly name: string; readonly shape: readonly number[] }[]) {
  return Object.fromEntries(parameters.map(({ name, shape }) => [name, shape]));
}

describe.each(golden.generation.map((one, index) => ({ ...one, index })))('encoder–decoder $index', (one) => {
  const { model } = buildModel('learned', pairShape, sizes.maximumLength);
  const parameters = plainAll(one.parameters);
  const rows = Array.from({ length: B }, (_, row) =>
    one.target.slice(row * one.targetLength, (row + 1) * one.targetLength),
  );
  const batch: Batch = {
    size: B,
    source,
    target: tokenSequences(rows, one.targetLength),
    labels: new Int32Array(B * one.targetLength),
  };
  const inputs = {
    ...batchInputs(batch, 'encoder-decoder'),
    signals: model.signals({ source: positionRange(T), target: positionRange(one.targetLength) }),
  };

  test('has the parameters and gives the logits of Hugging Face transformers', () => {
    expect(declared(model.parameters)).toEqual(
      Object.fromEntries(Object.entries(one.parameters).map(([name, { shape }]) => [name, shape])),
    );
    expectClose('logits', model.forward(operations, parameters, inputs), one.logits, 1e-11);
  });

  test('has its attention weights in every layer, the mean over heads', () => {
    const seen = model.attention?.(operations, parameters, inputs) ?? {};
    expect(Object.keys(seen).sort()).toEqual(Object.keys(one.attentions).sort());
    for (const [name, wanted] of Object.entries(one.attentions)) expectClose(name, seen[name], wanted, 1e-11);
    expectClose('alignment', crossAttention(operations, model, parameters, inputs), one.alignment, 1e-11);
  });

  describe('on jax-js', () => {
    beforeAll(async () => initializeJax());

    test.each(one.answers)('writes the same with $beams beams', async ({ beams, sequences }) => {
      const question: Question = {
        kind: 'generate',
        startToken: sizes.startToken,
        endToken: sizes.endToken,
        maximumLength: one.maximumLength,
        beams,
        alignments: true,
      };
      const answers = await ask(question, parameters, batch);
      if (answers.kind !== 'sequences') throw new TypeError('expected sequences');
      expect(answers.sequences).toEqual(sequences);
      expect(answers.alignments?.map(({ rows: queries, columns }) => [queries, columns])).toEqual(
        rows.map(() => [one.targetLength, T]),
      );
      const weights = answers.alignments?.flatMap(({ weights: own }) => [...own]) ?? [];
      expectClose('alignments', tensor(one.alignment.shape, weights), one.alignment, 1e-5);
    });

    async function ask(question: Question, all: Tensors<PlainTensor>, given: Batch): Promise<Predictions> {
      const evaluator = createEvaluator(model, question, 0);
      const held = Object.fromEntries(Object.entries(all).map(([name, value]) => [name, fromPlain(value)]));
      const bucket = { label: 'all', minimum: 1, maximum: T, trained: true };
      const answers = await evaluator.ask(held, { bucket, examples: B, batches: [given] }, async () => undefined);
      evaluator.dispose();
      dispose(held);
      return answers;
    }
  });
});

describe('heads on an encoder', () => {
  const outputs = {
    tokens: { kind: 'tokens', vocabulary: 4 },
    span: { kind: 'span' },
    values: { kind: 'values', horizon: sizes.horizon, quantiles: sizes.quantiles },
  } as const satisfies Record<string, OutputKind>;

  test.each(['tokens', 'span', 'values'] as const)('%s: answer, loss and gradients', (kind) => {
    const { weight, bias, prediction, labels, loss, gradients } = golden.heads[kind];
    const output = outputs[kind];
    const { model } = buildModel('learned', encoderShape(output), sizes.maximumLength);
    const encoder = Object.entries(golden.generation[0]?.parameters ?? {}).filter(([name]) =>
      name.startsWith('encoder.'),
    );
    const parameters = {
      ...plainAll(Object.fromEntries(encoder)),
      'output.weight': plain(weight),
      'output.bias': plain(bias),
    };
    expect(declared(model.parameters)).toEqual(
      Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, shape])),
    );
    const numbers = labels.map((label) => label ?? Number.NaN);
    const batch: Batch = {
      size: B,
      source,
      labels: kind === 'values' ? Float32Array.from(numbers) : Int32Array.from(numbers),
    };
    const inputs = { ...batchInputs(batch, 'encoder'), signals: model.signals({ source: positionRange(T) }) };
    const given = labelsOf(batch, output);
    const { value, gradients: found } = valueAndGradient((engine, all) => {
      const bring = (tensors: Tensors<PlainTensor>) =>
        Object.fromEntries(Object.entries(tensors).map(([name, one]) => [name, engine.constant(one)]));
      const { signals, ...rest } = inputs;
      const answer = model.forward(engine, all, { ...bring(rest as Tensors<PlainTensor>), signals: bring(signals) });
      return meanLoss(engine, output, answer, engine.constant(given.answers), engine.constant(given.scored));
    }, parameters);
    expectClose('answer', model.forward(operations, parameters, inputs), prediction, 1e-11);
    expect(Math.abs((value.data[0] as number) - loss)).toBeLessThan(1e-11);
    expectClose('weight', found['output.weight'], gradients.weight, 1e-10);
    expectClose('bias', found['output.bias'], gradients.bias, 1e-10);
  });

  test('tags are the best at real positions', () => {
    const { prediction, tags } = golden.heads.tokens;
    const found = bestTags(plain(prediction), { size: B, source, labels: new Int32Array(0) });
    expect(found).toEqual({ kind: 'tags', tags: tags.map((row) => Int32Array.from(row)) });
    expect(new Set(tags.flat()).size).toBeGreaterThan(2);
  });

  test('the pinball loss of each quantile is that of scikit-learn', () => {
    const { prediction, labels, byQuantile } = golden.heads.values;
    const batch: Batch = { size: B, labels: Float32Array.from(labels, (label) => label ?? Number.NaN) };
    const { answers, scored } = labelsOf(batch, outputs.values);
    const { data } = pinballLoss(operations, plain(prediction), answers, scored, sizes.quantiles);
    const count = scored.data.reduce((sum, one) => sum + one, 0);
    byQuantile.forEach((wanted, quantile) => {
      const sum = data.filter((_, at) => at % sizes.quantiles.length === quantile).reduce((all, one) => all + one, 0);
      expect(sum / count).toBeCloseTo(wanted, 12);
    });
  });
});

test('a GRU that answers at every position reads both ways, as torch.nn.GRU does', () => {
  const { parameters, tags, logits } = golden.gru;
  const { model } = buildModel('gru', encoderShape({ kind: 'tokens', vocabulary: tags }), sizes.maximumLength);
  expect(declared(model.parameters)).toEqual(
    Object.fromEntries(Object.entries(parameters).map(([name, { shape }]) => [name, shape])),
  );
  const batch: Batch = { size: B, source, labels: new Int32Array(B * T) };
  const inputs = { ...batchInputs(batch, 'encoder'), signals: {} };
  const { data } = model.forward(operations, plainAll(parameters), inputs);
  logits.forEach((wanted, row) => {
    const own = data.subarray(row * T * tags, row * T * tags + wanted.data.length);
    expectClose(
      `logits ${row}`,
      tensor([1, ...wanted.shape.slice(-2)].slice(-wanted.shape.length), own),
      wanted,
      1e-11,
    );
  });
});
