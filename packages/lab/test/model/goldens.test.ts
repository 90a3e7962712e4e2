/** The models against PyTorch: the same weights give the same logits, loss and gradients, on every engine. */

import {
  dispose,
  fromPlain,
  initializeJax,
  type JaxArray,
  valueAndGradient as jaxGradient,
  jaxOperations,
  jit,
  toPlain,
} from 'posenc/jax';
import { positionRange } from 'posenc/positions';
import { float64Operations, MASKED, type Operations, type PlainTensor, tensor, valueAndGradient } from 'posenc/tensor';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildModel } from '../../src/model/build.ts';
import type { Architecture, Model, ModelInputs, ModelShape, Tensors } from '../../src/model/model.ts';
import { labelsOf, meanLoss } from '../../src/training/loss.ts';
import golden from '../fixtures/models.golden.json' with { type: 'json' };

const { sizes } = golden;

interface Case {
  readonly encoding: string;
  readonly architecture: string;
  readonly source: readonly number[];
  readonly target: readonly number[];
  readonly labels: readonly number[];
  readonly parameters: Readonly<Record<string, Stored>>;
  readonly logits: Stored;
  readonly loss: number;
  readonly gradients: Readonly<Record<string, Stored>>;
}
interface Stored {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}
const cases = golden.cases as unknown as readonly Case[];

function shapeOf(architecture: Architecture): ModelShape {
  const { modelDim, numHeads, feedForwardDim, layers, sourceVocabulary, targetVocabulary, classes } = sizes;
  return {
    architecture,
    modelDim,
    numHeads,
    feedForwardDim,
    encoderLayers: architecture === 'decoder' ? 0 : layers,
    decoderLayers: architecture === 'encoder' ? 0 : layers,
    input: { kind: 'tokens', vocabulary: sourceVocabulary },
    output:
      architecture === 'encoder'
        ? { kind: 'class', classes }
        : { kind: 'tokens', vocabulary: architecture === 'decoder' ? sourceVocabulary : targetVocabulary },
  };
}

/** The model of a case, its inputs and its loss, ready for any engine. */
function prepare({ encoding, architecture, source, target, labels, parameters }: Case) {
  const shape = shapeOf(architecture as Architecture);
  const { model } = buildModel(encoding, shape, sizes.maximumLength);
  const { batch, sourceLength, targetLength, sourceLengths } = sizes;
  const mask = Array.from({ length: batch * sourceLength }, (_, at) =>
    at % sourceLength < (sourceLengths[Math.floor(at / sourceLength)] as number) ? 0 : MASKED,
  );
  const inputs: ModelInputs<PlainTensor> = {
    source: tensor([batch, sourceLength], source, 'integer'),
    sourceMask: tensor([batch, 1, 1, sourceLength], mask),
    target: tensor([batch, targetLength], target, 'integer'),
    signals: model.signals({
      ...(architecture === 'decoder' ? {} : { source: positionRange(sourceLength) }),
      ...(architecture === 'encoder' ? {} : { target: positionRange(targetLength) }),
    }),
  };
  const stored = Object.fromEntries(
    Object.entries(parameters).map(([name, { shape: extents, data }]) => [name, tensor(extents, data)]),
  );
  return {
    model,
    inputs,
    parameters: stored,
    labels: labelsOf({ size: batch, labels: Int32Array.from(labels) }, shape.output),
  };
}

function lossOf<T>(
  operations: Operations<T>,
  model: Model,
  parameters: Tensors<T>,
  prepared: ReturnType<typeof prepare>,
): T {
  const logits = model.forward(operations, parameters, bring(operations, prepared.inputs));
  const { answers, scored } = prepared.labels;
  return meanLoss(operations, model.shape.output, logits, operations.constant(answers), operations.constant(scored));
}

function bring<T>(operations: Operations<T>, { signals, ...rest }: ModelInputs<PlainTensor>): ModelInputs<T> {
  const all = (tensors: Tensors<PlainTensor>): Record<string, T> =>
    Object.fromEntries(Object.entries(tensors).map(([name, value]) => [name, operations.constant(value)]));
  return { ...all(rest as Tensors<PlainTensor>), signals: all(signals) };
}

/** Every element within `tolerance` of the wanted one, relative to the tensor's largest element. */
function expectClose(name: string, actual: PlainTensor | undefined, wanted: Stored, tolerance: number): void {
  expect(actual?.shape, name).toEqual(wanted.shape);
  const size = Math.max(1e-3, ...wanted.data.map(Math.abs));
  wanted.data.forEach((value, at) => {
    expect(Math.abs((actual?.data[at] as number) - value) / size, `${name}[${at}]`).toBeLessThanOrEqual(tolerance);
  });
}

describe.each(cases)('$encoding, $architecture', (golden) => {
  const prepared = prepare(golden);
  const { model, parameters } = prepared;

  test('declares exactly the parameters that PyTorch has', () => {
    const declared = Object.fromEntries(model.parameters.map(({ name, shape }) => [name, shape]));
    const wanted = Object.fromEntries(Object.entries(golden.parameters).map(([name, { shape }]) => [name, shape]));
    expect(declared).toEqual(wanted);
  });

  test('in float64 gives its logits to 1e-11 and its gradients to 1e-10', () => {
    const logits = model.forward(float64Operations, parameters, prepared.inputs);
    expectClose('logits', logits, golden.logits, 1e-11);
    const { value, gradients } = valueAndGradient(
      (operations, tensors) => lossOf(operations, model, tensors, prepared),
      parameters,
    );
    expect(Math.abs((value.data[0] as number) - golden.loss)).toBeLessThan(1e-11);
    for (const [name, wanted] of Object.entries(golden.gradients)) expectClose(name, gradients[name], wanted, 1e-10);
  });

  describe('on jax-js', () => {
    beforeAll(async () => initializeJax());

    test('gives its logits and its gradients to 1e-4', () => {
      const held = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, fromPlain(value)]));
      const forward = jit((tensors: Record<string, JaxArray>) =>
        model.forward(jaxOperations, tensors, bring(jaxOperations, prepared.inputs)),
      );
      expectClose('logits', toPlain(forward(held)), golden.logits, 1e-4);
      const step = jit((tensors: Record<string, JaxArray>) =>
        jaxGradient((inner: Record<string, JaxArray>) => lossOf(jaxOperations, model, inner, prepared))(tensors),
      );
      const { value, gradients } = step(held);
      expect(Math.abs((toPlain(value).data[0] as number) - golden.loss)).toBeLessThan(1e-4);
      for (const [name, wanted] of Object.entries(golden.gradients)) {
        expectClose(name, toPlain(gradients[name] as JaxArray), wanted, 1e-4);
      }
      dispose(held);
    });
  });
});
