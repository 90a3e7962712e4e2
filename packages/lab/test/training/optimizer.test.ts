import { float64Operations, type PlainTensor, tensor, valueAndGradient } from 'posenc/tensor';
import { describe, expect, test } from 'vitest';
import { labelsOf, meanLoss, negativeLogLikelihood } from '../../src/training/loss.ts';
import { adamW, clipFactor, type Moments, stepNumbers } from '../../src/training/optimizer.ts';
import { learningRateAt } from '../../src/training/schedule.ts';
import golden from '../fixtures/training.golden.json' with { type: 'json' };

interface Stored {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

const read = (stored: Stored): PlainTensor => tensor(stored.shape, stored.data);
const readAll = (stored: Readonly<Record<string, Stored>>): Record<string, PlainTensor> =>
  Object.fromEntries(Object.entries(stored).map(([name, value]) => [name, read(value)]));

function expectClose(actual: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(wanted.length);
  for (let at = 0; at < wanted.length; at += 1) {
    expect(Math.abs((actual[at] as number) - (wanted[at] as number)), `element ${at}`).toBeLessThanOrEqual(tolerance);
  }
}

describe('adamW', () => {
  test('moves every parameter as PyTorch does, clipping and decay included', () => {
    let parameters = readAll(golden.optimiser.start);
    const zeros = Object.fromEntries(
      Object.entries(parameters).map(([name, { shape, data }]) => [name, tensor(shape, new Float64Array(data.length))]),
    );
    let moments: Moments<PlainTensor> = { first: zeros, second: zeros };
    golden.optimiser.steps.forEach((step, index) => {
      const numbers = stepNumbers(index + 1, step.rate);
      const settings = { weightDecay: 0.01, clipNorm: 1, decaying: new Set(['weight']) };
      const next = adamW(float64Operations, parameters, readAll(step.gradients), moments, numbers, settings);
      parameters = next.parameters;
      moments = next.moments;
      for (const [name, wanted] of Object.entries(step.parameters)) {
        expectClose((parameters[name] as PlainTensor).data, wanted.data, 1e-12);
      }
    });
  });

  test('scales gradients above the norm to it and leaves smaller ones alone', () => {
    for (const step of golden.optimiser.steps) {
      const factor = clipFactor(float64Operations, Object.values(readAll(step.gradients)), 1).data[0] as number;
      expect(factor).toBeCloseTo(Math.min(1, 1 / (step.norm + 1e-6)), 12);
    }
  });
});

describe('losses', () => {
  const { losses } = golden;
  const logits = read(losses.logits);
  const output = { kind: 'tokens', vocabulary: 5 } as const;
  const labels = labelsOf({ size: 2, labels: Int32Array.from(losses.labels) }, output);

  test('negative log-likelihood equals PyTorch cross-entropy, huge logits included', () => {
    const nats = negativeLogLikelihood(float64Operations, logits, labels.answers, labels.scored);
    expectClose(nats.data, losses.nats.data, 1e-12);
  });

  test('the mean counts scored labels only', () => {
    const mean = meanLoss(float64Operations, output, logits, labels.answers, labels.scored);
    expectClose(mean.data, [losses.mean], 1e-12);
  });

  test('squared error ignores values that are not scored', () => {
    const values = { kind: 'values', horizon: 2 } as const;
    const targets = Float32Array.from(losses.targets, (value) => value ?? Number.NaN);
    const { answers, scored } = labelsOf({ size: 2, labels: targets }, values);
    const mean = meanLoss(float64Operations, values, read(losses.values), answers, scored);
    // Labels are float32, so the golden's float64 targets were rounded.
    expectClose(mean.data, [losses.squared], 1e-6);
  });

  test('no gradient flows from an unscored label', () => {
    const { gradients } = valueAndGradient(
      (operations, { logits: x }) =>
        meanLoss(
          operations,
          output,
          x as never,
          operations.constant(labels.answers),
          operations.constant(labels.scored),
        ),
      { logits },
    );
    const rows = (gradients.logits as PlainTensor).data;
    expect([...rows.subarray(10, 15)]).toEqual([0, 0, 0, 0, 0]);
    expect(rows.subarray(0, 5).some((value) => value !== 0)).toBe(true);
  });
});

test('the learning rate warms up linearly and follows a cosine to a twentieth of its peak', () => {
  const { peak, warmup, steps, rates } = golden.schedule;
  rates.forEach((rate, index) => {
    const schedule = { steps, warmupSteps: warmup, learningRate: peak };
    expect(learningRateAt(index + 1, schedule)).toBeCloseTo(rate, 12);
  });
});
