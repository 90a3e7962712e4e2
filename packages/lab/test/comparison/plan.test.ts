import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { encodingDescriptions } from 'posenc/registry';
import { afterAll, describe, expect, test } from 'vitest';
import { canonicalJson, identityOf, planComparison } from '../../src/comparison/plan.ts';
import { forecast } from '../../src/tasks/forecast/forecast.ts';
import { image } from '../../src/tasks/pictures/image.ts';
import { sampleTask } from './samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'posenc-plan-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A series whose times are minutes apart, not always as many. */
function fileWithMinutes(): string {
  const path = join(folder, 'minutes.csv');
  const rows = Array.from({ length: 600 }, (_, index) => {
    const time = new Date(Date.UTC(2024, 0, 1, 0, 7 * index + (index % 3)));
    return `${time.toISOString()},${100 + 10 * Math.sin(index / 9) + (index % 7)}`;
  });
  writeFileSync(path, `time,value\n${rows.join('\n')}\n`);
  return path;
}

const plan = (request: Partial<Parameters<typeof planComparison>[0]> = {}) =>
  planComparison({ task: sampleTask(), encodings: ['none', 'rotary'], seeds: [0, 1], ...request });

describe('a plan', () => {
  test('starts every encoding with the first seed before the second seed comes', async () => {
    const { runs } = await plan();
    expect(runs.map(({ encoding, seed }) => `${encoding} ${seed}`)).toEqual([
      'none 0',
      'rotary 0',
      'none 1',
      'rotary 1',
    ]);
  });

  test('gives every run the same settings, the ones of the task unless replaced', async () => {
    const { runs } = await plan({ overrides: { steps: 7, modelDim: 12, clipNorm: 0.5 } });
    const settings = new Set(
      runs.map(({ model, training, evaluation }) => canonicalJson({ model, training, evaluation })),
    );
    expect(settings.size).toBe(1);
    expect(runs[0]?.model).toEqual({
      modelDim: 12,
      numHeads: 2,
      feedForwardDim: 16,
      encoderLayers: 1,
      decoderLayers: 1,
    });
    expect(runs[0]?.training).toMatchObject({ steps: 7, batchSize: 4, learningRate: 1e-3, clipNorm: 0.5 });
  });

  test('all stands for every encoding that the model can have, and says why others cannot', async () => {
    const { runs, leftOut } = await plan({ encodings: ['all', 'alibi:direction=symmetric', 'kerple'], seeds: [0] });
    const chosen = runs.map(({ encoding }) => encoding);
    expect(chosen.slice(-2)).toEqual(['alibi:direction=symmetric', 'kerple']);
    expect(chosen).toContain('rotary');
    expect(new Set([...chosen, ...leftOut.map(({ encoding }) => encoding)]).size).toBe(encodingDescriptions.length + 1);
    const causal = leftOut.find(({ encoding }) => encoding === 'self-extend');
    expect(causal?.reason).toMatch(/expected an encoding for bidirectional attention in the encoder/);
  });

  test.each([
    [
      'rotary+rotary:base=500',
      /one encoding of queries and keys in a layer, got rotary and rotary, which would turn them twice/,
    ],
    ['none+alibi', /got none beside others; leave it out/],
  ])('%s is refused', async (encoding, message) => {
    await expect(plan({ encodings: [encoding], seeds: [0] })).rejects.toThrow(message);
  });

  test('refuses what cannot read the positions of the task, before anything starts', async () => {
    const task = { ...forecast, defaults: { ...forecast.defaults, modelDim: 8, numHeads: 2 } };
    const options = { data: fileWithMinutes(), positions: 'time' };
    const request = { task, taskOptions: options, seeds: [0] };
    await expect(planComparison({ ...request, encodings: ['learned'] })).rejects.toThrow(
      /learned: position: expected an integer.*choose an encoding that reads real numbers/,
    );
    const { leftOut, runs } = await planComparison({ ...request, encodings: ['all'] });
    expect(leftOut.map(({ encoding }) => encoding)).toEqual(expect.arrayContaining(['learned', 't5', 'laplacian']));
    expect(runs.map(({ encoding }) => encoding)).toEqual(expect.arrayContaining(['time2vec', 'rotary', 'alibi']));
  });

  test('a graph’s positions are for the encoding that reads them', async () => {
    const task = { ...image, defaults: { ...image.defaults, modelDim: 8, numHeads: 2 } };
    const request = { task, taskOptions: { positions: 'distances', testExamples: 2 }, seeds: [0] };
    await expect(planComparison({ ...request, encodings: ['laplacian'] })).rejects.toThrow(
      /laplacian: positions: expected eigenvectors of a graph's nodes, got distances/,
    );
    expect((await planComparison({ ...request, encodings: ['graphormer'] })).runs).toHaveLength(1);
  });

  test('takes the encodings of the task when none are named', async () => {
    const { runs } = await planComparison({ task: sampleTask(), seeds: [3] });
    expect(runs.map(({ encoding }) => encoding)).toEqual(['none', 'rotary', 'alibi']);
  });

  test('shortens the warm-up of a run too short for it, but never one that was asked for', async () => {
    expect((await plan({ overrides: { steps: 4 } })).runs[0]?.training.warmupSteps).toBe(2);
    await expect(plan({ overrides: { steps: 4, warmupSteps: 5 } })).rejects.toThrow(
      /warmupSteps: expected at most the 4/,
    );
  });

  test('accepts the recurrent control beside the encodings', async () => {
    await expect(plan({ encodings: ['none', 'gru'] })).resolves.toMatchObject({ runs: { length: 4 } });
  });
});

describe('the identity of a comparison', () => {
  test('does not depend on the order of encodings and seeds', async () => {
    const one = await plan({ encodings: ['none', 'rotary', 't5'], seeds: [0, 1, 2] });
    const other = await plan({ encodings: ['t5', 'none', 'rotary'], seeds: [2, 0, 1] });
    expect(other.identity).toBe(one.identity);
    expect(one.identity).toMatch(/^[0-9a-f]{64}$/);
  });

  test('changes with data, encodings, seeds, options and settings', async () => {
    const identities = await Promise.all([
      plan(),
      plan({ task: sampleTask('beef') }),
      plan({ encodings: ['none', 'rotary:base=500'] }),
      plan({ encodings: ['none'] }),
      plan({ seeds: [0, 2] }),
      plan({ taskOptions: { a: 1 } }),
      plan({ overrides: { steps: 21 } }),
      plan({ overrides: { learningRate: 2e-3 } }),
    ]);
    expect(new Set(identities.map(({ identity }) => identity)).size).toBe(identities.length);
  });

  test('does not depend on the order of keys', async () => {
    const { runs } = await plan();
    const turned = runs.map((run) => Object.fromEntries(Object.entries(run).reverse()) as unknown as typeof run);
    expect(identityOf('f', turned)).toBe(identityOf('f', runs));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('a plan refuses', () => {
  test.each([
    [{ encodings: ['rotery'] }, /did you mean rotary/],
    [{ encodings: ['rotary:bse=3'] }, /did you mean base/],
    [{ encodings: ['rotary', 'none', 'rotary'] }, /rotary is given twice/],
    [{ encodings: ['rotary', 'rotary:base=10000'] }, /rotary and rotary:base=10000 are the same model/],
    [{ encodings: [] }, /at least one/],
    [{ seeds: [] }, /at least one/],
    [{ seeds: [0, 1, 0] }, /0 is given twice/],
    [{ seeds: [-1] }, /from 0 to/],
    [{ seeds: [0.5] }, /from 0 to/],
    [{ overrides: { modelDim: 9 } }, /modelDim/],
    [{ overrides: { steps: 0 } }, /steps: expected an integer of at least 1, got 0/],
    [{ overrides: { learningRate: 0 } }, /learningRate: expected a number above 0, got 0/],
    [{ overrides: { encoderLayers: -1 } }, /encoderLayers/],
  ])('%j', async (request, message) => {
    await expect(plan(request)).rejects.toThrow(message);
    await expect(plan(request)).rejects.toThrow(RangeError);
  });

  test('layers of a stack that the task does not have', async () => {
    const decoder = plan({ task: sampleTask('f00d', 'decoder'), overrides: { encoderLayers: 2 } });
    await expect(decoder).rejects.toThrow('encoderLayers: the task sample has no encoder; leave it out');
    const encoder = plan({ task: sampleTask('f00d', 'encoder'), overrides: { decoderLayers: 1 } });
    await expect(encoder).rejects.toThrow('decoderLayers: the task sample has no decoder; leave it out');
  });

  test('the same encoding under two names where the task makes them equal', async () => {
    const task = sampleTask('f00d', 'decoder');
    await expect(plan({ task, encodings: ['alibi', 'alibi:direction=causal'] })).rejects.toThrow(/the same model here/);
    await expect(plan({ encodings: ['alibi', 'alibi:direction=symmetric'] })).resolves.toBeDefined();
  });
});
