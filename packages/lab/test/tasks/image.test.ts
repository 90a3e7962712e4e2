/** The task `image`: what shuffling does, where it trains and tests, and a person's own pictures. */
import { float64Operations } from 'posenc/tensor';
import { describe, expect, test, vi } from 'vitest';
import { planComparison } from '../../src/comparison/plan.ts';
import { buildModel } from '../../src/model/build.ts';
import { initializeParameters } from '../../src/model/parameters.ts';
import { image } from '../../src/tasks/pictures/image.ts';
import type { Batch, EvaluationSet, PreparedTask } from '../../src/tasks/task.ts';
import { batchInputs, batchSignals } from '../../src/training/inputs.ts';
import { modelShapeOf } from '../../src/training/run.ts';
import { classFolder, folderWith, idxBytes, numberedPng } from '../fixtures/pictures/folders.ts';
import { goldenFile } from '../fixtures/pictures/goldens.ts';

const digits = image.prepare({ dataset: 'digits', testExamples: 24 });
const sizes = { model: { modelDim: 16, numHeads: 4, feedForwardDim: 24, encoderLayers: 2, decoderLayers: 0 } };

/** Logits of an untrained model in float64, example by example. */
function logitsOf(encoding: string, prepared: PreparedTask, batch: Batch): number[][] {
  const { model } = buildModel(encoding, modelShapeOf(sizes, prepared), prepared.maximumLength);
  const inputs = { ...batchInputs(batch, 'encoder'), signals: batchSignals(model, batch) };
  const { data, shape } = model.forward(float64Operations, initializeParameters(model, 5), inputs);
  const classes = shape[1] as number;
  return Array.from({ length: batch.size }, (_, at) => [...data.subarray(at * classes, (at + 1) * classes)]);
}

/** How far shuffling moves the answers, over the pictures of the trained resolution. */
async function movedByShuffling(encoding: string): Promise<number> {
  const prepared = await digits;
  const [{ batches }] = prepared.evaluation('test', 24) as [EvaluationSet];
  const logits = logitsOf(encoding, prepared, batches[0] as Batch);
  const pairs = Array.from(
    { length: 12 },
    (_, pair) => [logits[2 * pair], logits[2 * pair + 1]] as [number[], number[]],
  );
  return Math.max(...pairs.map(([a, b]) => Math.max(...a.map((value, at) => Math.abs(value - (b[at] as number))))));
}

describe('shuffled patches', () => {
  test('are the same patches in other places', async () => {
    const prepared = await digits;
    for (const { batches } of prepared.evaluation('test', 24)) {
      const [{ source, labels }] = batches as [Batch];
      const { data, length } = source as NonNullable<Batch['source']>;
      for (let pair = 0; pair < 12; pair += 1) {
        const patches = (example: number): string[] =>
          Array.from({ length }, (_, place) =>
            (data as Float32Array)
              .subarray((example * length + place) * 16, (example * length + place + 1) * 16)
              .join(),
          );
        expect(patches(2 * pair + 1)).not.toEqual(patches(2 * pair));
        expect(patches(2 * pair + 1).sort()).toEqual(patches(2 * pair).sort());
        expect(labels[2 * pair + 1]).toBe(labels[2 * pair]);
      }
    }
  });

  test('change nothing for a model without positions', async () => {
    expect(await movedByShuffling('none')).toBeLessThan(1e-12);
  });

  test.each(image.defaults.encodings.filter((name) => name !== 'none'))('change the answers with %s', async (name) => {
    // Biases start small; what they move is still far from rounding.
    expect(await movedByShuffling(name)).toBeGreaterThan(1e-5);
  });

  test('are scored apart, and a bag of patches is as right with them as without', async () => {
    const prepared = await digits;
    const [{ bucket, batches }] = prepared.evaluation('test', 24) as [EvaluationSet];
    // Right for all pictures as they are, wrong for all shuffled ones.
    const classes = Int32Array.from((batches[0] as Batch).labels, (label, at) =>
      at % 2 === 0 ? label : (label + 1) % 10,
    );
    expect(prepared.score('test', bucket, { kind: 'classes', classes })).toEqual({
      accuracy: 1,
      'shuffled-accuracy': 0,
    });
    const bag = prepared.baselines.find(({ orderBlind }) => orderBlind === true);
    for (const scores of Object.values(bag?.scores ?? {})) expect(scores['shuffled-accuracy']).toBe(scores.accuracy);
  });
});

test('a bag of patches knows more than the most frequent class', async () => {
  const prepared = await image.prepare({ dataset: 'digits' });
  const [majority, bag] = prepared.baselines.map(({ scores }) => scores['7']?.accuracy) as [number, number];
  expect(majority).toBeLessThan(0.2);
  expect(bag).toBeGreaterThan(0.4);
});

test('the default encodings fit the default model', async () => {
  const taskOptions = { dataset: 'digits', testExamples: 4 };
  const { runs, leftOut } = await planComparison({ task: image, taskOptions, seeds: [0] });
  expect(runs.map(({ encoding }) => encoding)).toEqual(image.defaults.encodings);
  expect(leftOut).toEqual([]);
});

test('other resolutions are the same digits, at 7, 8, 10 and 14 patches along a side', async () => {
  const sets = (await digits).evaluation('test', 24);
  expect(sets.map(({ bucket }) => bucket.label)).toEqual(['7', '8', '10', '14']);
  const labels = sets.map(({ batches }) => [...(batches[0]?.labels ?? [])]);
  expect(labels[1]).toEqual(labels[0]);
  expect(labels[3]).toEqual(labels[0]);
  expect(sets.map(({ batches }) => batches[0]?.source?.positions?.length)).toEqual([49, 64, 100, 196]);
});

test('no digit is in two splits', async () => {
  const prepared = await digits;
  const seen = (batches: readonly Batch[]): Set<string> =>
    new Set(
      batches.flatMap(({ size, source }) => {
        const { data, length } = source as NonNullable<Batch['source']>;
        const width = length * 16;
        return Array.from({ length: size }, (_, at) =>
          (data as Float32Array).subarray(at * width, (at + 1) * width).join(),
        );
      }),
    );
  let next = 0;
  // Every training example once: draws at the middle of each one's share.
  const all = prepared.trainingBatch(prepared.sizes.train, () => (next++ + 0.5) / prepared.sizes.train);
  const train = seen([all]);
  expect(train.size).toBe(prepared.sizes.train);
  for (const split of ['validation', 'test'] as const) {
    const [{ batches }] = prepared.evaluation(split, 24) as [EvaluationSet];
    expect([...seen(batches)].filter((picture) => train.has(picture))).toEqual([]);
  }
});

test('samples are whole pictures of the trained resolution and the largest, the same whatever was answered', async () => {
  const prepared = await digits;
  const sets = prepared.evaluation('test', 24);
  const answered = (answer: number) =>
    sets.map(
      ({ bucket, examples }) =>
        prepared.samples?.(bucket, { kind: 'classes', classes: new Int32Array(examples).fill(answer) }) ?? [],
    );
  const [threes, fives] = [answered(3), answered(5)];
  expect(threes.map((samples) => samples.length)).toEqual([8, 0, 0, 4]);
  expect(threes.flat().map(({ id }) => id)).toEqual(fives.flat().map(({ id }) => id));
  const [first] = threes[0] ?? [];
  if (first?.kind !== 'picture') throw new TypeError('expected a picture');
  expect([first.frames, first.height, first.width, first.channels, first.patch, first.answer]).toEqual([
    1,
    28,
    28,
    1,
    4,
    '3',
  ]);
  expect(first.right).toBe(first.expected === '3');
  const [{ batches }] = sets as readonly [EvaluationSet, ...EvaluationSet[]];
  const [batch] = batches as readonly [Batch];
  expect(first.expected).toBe(String(batch.labels[0]));
  // The first four pixels are the first row of the first patch.
  const pixels = Buffer.from(first.pixels, 'base64');
  expect(pixels.length).toBe(784);
  const middle = 3 * 7 + 3;
  expect([...pixels.subarray(28 * 12 + 12, 28 * 12 + 16)]).toEqual(
    [...(batch.source?.data.subarray(middle * 16, middle * 16 + 4) ?? [])].map((value) => Math.round(255 * value)),
  );
});

test('the portrait is one example whose places are named', async () => {
  const { portrait, evaluation } = await digits;
  const [{ batches }] = evaluation('test', 24) as [EvaluationSet];
  expect(portrait?.batch.size).toBe(1);
  expect(portrait?.source?.slice(6, 9)).toEqual(['0,6', '1,0', '1,1']);
  expect(portrait?.batch.source?.data).toEqual(batches[0]?.source?.data.subarray(0, 784));
});

test('without the fetched data set it is said how to get it, and the digits are used', async () => {
  vi.stubEnv('POSENC_CACHE', folderWith({}));
  try {
    await expect(image.prepare({ dataset: 'fashion' })).rejects.toThrow(
      /^image: .*run `posenc data fetch (image|fashion)`/,
    );
    const resolved = await image.resolve?.({});
    expect(resolved?.options).toEqual({ dataset: 'digits' });
    expect(resolved?.notice).toMatch(/posenc data fetch image/);
  } finally {
    vi.unstubAllEnvs();
  }
});

describe('own pictures', () => {
  const prepare = (data: string, more: Record<string, string | number> = {}) => image.prepare({ data, ...more });

  test('are divided within each class, and described', async () => {
    const folder = classFolder(['cat', 'dog'], 40);
    const prepared = await prepare(folder, { testExamples: 1000 });
    expect(prepared.sizes).toEqual({ train: 56, validation: 16, test: 3 * 32 });
    expect(prepared.data).toMatchObject({
      source: folder,
      format: 'folder of pictures by class',
      rows: 80,
      refused: { count: 0 },
      classes: [
        { label: 'cat', count: 40 },
        { label: 'dog', count: 40 },
      ],
      lengths: { minimum: 2, maximum: 2 },
      trainedLength: { maximum: 2, limit: 4 },
      splitBy: 'by what they show, hashed, within each class',
    });
    expect(prepared.data?.examples[0]).toBe('cat/0.png: 8 × 8 grey, class cat');
    const { labels } = (prepared.evaluation('validation', 16)[0] as EvaluationSet).batches[0] as Batch;
    expect([...labels].filter((label) => label === 0)).toHaveLength(8);
    expect((await prepare(folder, { testExamples: 1000 })).fingerprint).toBe(prepared.fingerprint);
  });

  test('equal pictures are there once, so none is in two splits', async () => {
    const copies = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [`cat/copy ${at}.png`, numberedPng(at, { color: 60 })]),
    );
    const { data, sizes, notes } = await prepare(classFolder(['cat', 'dog'], 40, copies));
    expect(data?.classes).toEqual([
      { label: 'cat', count: 40 },
      { label: 'dog', count: 40 },
    ]);
    expect(sizes.train).toBe(56);
    expect(notes).toContainEqual(
      expect.stringMatching(/^40 examples that show exactly the same as another of their class/),
    );
  });

  test('a picture in two classes is refused, and too many stop the run', async () => {
    const folder = classFolder(['cat', 'dog'], 40, { 'dog/cat.png': numberedPng(3, { color: 60 }) });
    await expect(prepare(folder)).rejects.toThrow(
      /^image: .*1 of 81 rows \(1\.2 %\) cannot be used, .*file 81: dog\/cat\.png: shows the same as cat\/3\.png, which is in the class cat/,
    );
    const { data } = await prepare(folder, { allowRefused: 0.05 });
    expect(data?.refused.unit).toBe('file');
    expect(data?.refused.first).toEqual([
      { line: 81, reason: expect.stringMatching(/^dog\/cat\.png: shows the same as/) },
    ]);
  });

  test('groups are whole in their splits', async () => {
    // Ten animals with eight pictures each; the first pixel says which.
    const files = Object.fromEntries(
      ['cat', 'dog'].flatMap((name, kind) =>
        Array.from({ length: 80 }, (_, at) => {
          const animal = Math.floor(at / 8);
          return [`${name}/${animal}_${at % 8}.png`, numberedPng(256 * (at % 8) + 100 * kind + animal, { color: 10 })];
        }),
      ),
    );
    const prepared = await prepare(folderWith(files), { group: '^[^_]+', testExamples: 1000 });
    const animals = (batches: readonly Batch[]): Set<number> =>
      new Set(
        batches.flatMap(({ size, labels, source }) =>
          Array.from({ length: size }, (_, at) => {
            const ink = Math.round(255 * (source?.data[at * 64] as number));
            return labels[at] === 0 ? ink : ink - 100;
          }),
        ),
      );
    let next = 0;
    const { train } = prepared.sizes;
    const trained = animals([prepared.trainingBatch(train, () => (next++ + 0.5) / train)]);
    const validated = animals(
      (prepared.evaluation('validation', 1)[0] as EvaluationSet).batches.filter((_, at) => at % 2 === 0),
    );
    const tested = animals(
      (prepared.evaluation('test', 1)[0] as EvaluationSet).batches.filter((_, at) => at % 2 === 0),
    );
    expect([trained.size + validated.size + tested.size, tested.size]).toEqual([10, 2]);
    expect(new Set([...trained, ...validated, ...tested]).size).toBe(10);
    expect(prepared.data?.splitBy).toMatch(/^by group/);
  });

  test('that come as published parts keep the test part', async () => {
    // The first pixel counts, and is from 100 on in the test part.
    const pixels = (from: number, count: number): number[] =>
      Array.from({ length: count }, (_, at) => [from + at, 1, 2, 3]).flat();
    const labels = (count: number): number[] => Array.from({ length: count }, (_, at) => at % 2);
    const data = folderWith({
      'train-images-idx3-ubyte': idxBytes([90, 2, 2], pixels(0, 90)),
      'train-labels-idx1-ubyte': idxBytes([90], labels(90)),
      't10k-images-idx3-ubyte': idxBytes([20, 2, 2], pixels(100, 20)),
      't10k-labels-idx1-ubyte': idxBytes([20], labels(20)),
    });
    const prepared = await prepare(data, { patch: 1, testExamples: 1000 });
    expect(prepared.sizes).toMatchObject({ train: 80, validation: 20 });
    const [{ examples, batches }] = prepared.evaluation('test', 40) as [EvaluationSet];
    expect(examples).toBe(40);
    const { data: values = [], length = 1 } = batches[0]?.source ?? {};
    const tested = Array.from({ length: 20 }, (_, at) => Math.round(255 * (values[2 * at * length] as number)));
    expect(tested.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => 100 + at));
  });

  test('in color have three numbers a pixel, and other sizes and patches can be asked for', async () => {
    const folder = classFolder(['cat', 'dog'], 40, { 'cat/red.png': goldenFile('color.png') });
    const prepared = await prepare(folder, { resize: 12, patch: 3 });
    expect(prepared.input).toEqual({ kind: 'values', features: 27 });
    expect((await prepare(folder, { resize: 12, patch: 3, color: 'grey' })).input).toEqual({
      kind: 'values',
      features: 9,
    });
    expect(prepared.evaluation('test', 8).map(({ bucket }) => bucket.label)).toEqual(['4', '5', '6', '8']);
    expect(prepared.notes).toContainEqual('Pictures were made 12 × 12 pixels; their shapes were not kept.');
  });

  test.each([
    [
      'one picture',
      () => folderWith({ 'a/1.png': numberedPng(1) }),
      {},
      /cannot be used: file 1: a\/1\.png: expected at least 3 examples that differ in the class a, one for each split, got 1; add some, or take the class out/,
    ],
    [
      'a class with one example',
      () => classFolder(['cat', 'dog'], 40, { 'eel/1.png': numberedPng(999) }),
      {},
      /file 81: eel\/1\.png: expected at least 3 examples that differ in the class eel, .* got 1/,
    ],
    ['one class', () => classFolder(['cat'], 40), {}, /^image: expected at least two classes, got cat/],
    ['too few', () => classFolder(['cat', 'dog'], 10), {}, /expected at least 8 examples for validation, got 2/],
    [
      'a patch that does not divide',
      () => classFolder(['cat', 'dog'], 40),
      { patch: 3 },
      /patch: expected a divisor of 8 and 8 \(1, 2, 4, 8\), got 3/,
    ],
    [
      'too many patches',
      () => classFolder(['cat', 'dog'], 40),
      { resize: 100, patch: 2 },
      /expected pictures of 2 to 576 patches, got 50 × 50/,
    ],
    [
      'no number',
      () => classFolder(['cat', 'dog'], 40),
      { resize: 'big' },
      /--resize: expected an integer of at least 1, got big/,
    ],
    [
      'a bad share',
      () => classFolder(['cat', 'dog'], 40),
      { allowRefused: 'all' },
      /--allow-refused: expected a share from 0 to 1 such as 0.05, got all/,
    ],
  ] as const)('%s is an error', async (_, folder, options, message) => {
    await expect(prepare(folder(), options)).rejects.toThrow(message);
  });

  test('options of own data without it, and an odd number of examples, are errors', async () => {
    await expect(image.prepare({ resize: 8, dataset: 'digits' })).rejects.toThrow(
      /--resize: expected --data beside it/,
    );
    await expect(image.prepare({ testExamples: 5 })).rejects.toThrow(/--test-examples: expected an even number/);
    await expect(image.prepare({ data: 'x', dataset: 'digits' })).rejects.toThrow(
      /expected --data or --dataset, got both/,
    );
  });
});
