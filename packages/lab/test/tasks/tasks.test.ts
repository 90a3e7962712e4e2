/** Laws that hold for every task. */
import { describe, expect, test } from 'vitest';
import { findTask, tasks } from '../../src/tasks/index.ts';
import {
  type Batch,
  type EvaluationSet,
  type PreparedTask,
  type SequenceArray,
  TaskError,
  type Uniform,
} from '../../src/tasks/task.ts';

/** Multiplicative congruential generator of Park & Miller 1988. */
function uniform(seed: number): Uniform {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Product of the shape after the batch axis that one label takes. */
function labelWidth(prepared: PreparedTask): number {
  return prepared.output.kind === 'values' ? prepared.output.horizon : 1;
}

function checkSequences(sequences: SequenceArray, size: number, prepared: PreparedTask, vocabulary: number): void {
  const { data, length, lengths } = sequences;
  const features = prepared.input.kind === 'values' ? prepared.input.features : 1;
  expect(length).toBeLessThanOrEqual(prepared.maximumLength);
  expect(lengths).toHaveLength(size);
  expect(data).toHaveLength(size * length * features);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(length);
  expect(Math.min(...lengths)).toBeGreaterThan(0);
  if (prepared.input.kind === 'values') {
    expect(data).toBeInstanceOf(Float32Array);
    expect(data.every(Number.isFinite)).toBe(true);
    return;
  }
  expect(data).toBeInstanceOf(Int32Array);
  for (let row = 0; row < size; row++) {
    const end = lengths[row] as number;
    const tokens = data.subarray(row * length, (row + 1) * length);
    // Padding at the end and nowhere else; every token within the vocabulary.
    expect(tokens.subarray(0, end).every((token) => token > 0 && token < vocabulary)).toBe(true);
    expect(tokens.subarray(end).every((token) => token === 0)).toBe(true);
  }
}

function checkBatch(batch: Batch, size: number, prepared: PreparedTask): void {
  const { architecture, input, output } = prepared;
  expect(batch.size).toBe(size);
  expect(batch.source !== undefined).toBe(architecture !== 'decoder');
  expect(batch.target !== undefined).toBe(architecture !== 'encoder');
  const outputVocabulary = output.kind === 'tokens' ? output.vocabulary : 0;
  if (batch.source) checkSequences(batch.source, size, prepared, input.kind === 'tokens' ? input.vocabulary : 0);
  if (batch.target) checkSequences(batch.target, size, prepared, outputVocabulary);
  if (output.kind === 'class') {
    expect(batch.labels).toHaveLength(size);
    expect(batch.labels.every((label) => label >= 0 && label < output.classes)).toBe(true);
    return;
  }
  const { data: _, length, lengths } = batch.target as SequenceArray;
  const width = labelWidth(prepared);
  expect(batch.labels).toHaveLength(size * length * width);
  expect(batch.labels).toBeInstanceOf(output.kind === 'tokens' ? Int32Array : Float32Array);
  for (let row = 0; row < size; row++) {
    const labels = batch.labels.subarray(row * length * width, (row + 1) * length * width);
    const padding = labels.subarray((lengths[row] as number) * width);
    const scored = labels.filter((label) => (output.kind === 'tokens' ? label !== -1 : !Number.isNaN(label)));
    expect(padding.every((label) => (output.kind === 'tokens' ? label === -1 : Number.isNaN(label)))).toBe(true);
    expect(scored.length).toBeGreaterThan(0);
    if (output.kind === 'tokens') expect(scored.every((label) => label > 0 && label < output.vocabulary)).toBe(true);
  }
}

describe.each(tasks.map((task) => [task.name, task] as const))('%s', (_, task) => {
  const first = task.prepare({});

  test('prepared twice, it has the same data and the same batches', async () => {
    const [a, b] = [await first, await task.prepare({})];
    expect(b.fingerprint).toBe(a.fingerprint);
    expect(a.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(b.evaluation('test', 64)).toEqual(a.evaluation('test', 64));
    expect(b.trainingBatch(8, uniform(5))).toEqual(a.trainingBatch(8, uniform(5)));
  });

  test('is prepared again in at most three seconds of processor time', async () => {
    await first;
    const start = process.cpuUsage();
    await task.prepare({});
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1e6).toBeLessThan(3);
  });

  test('equal draws give equal batches of one shape, other draws others', async () => {
    const prepared = await first;
    const [a, b, c] = [5, 5, 6].map((seed) => prepared.trainingBatch(16, uniform(seed))) as [Batch, Batch, Batch];
    expect(b).toEqual(a);
    expect(c).not.toEqual(a);
    for (const batch of [a, c]) checkBatch(batch, 16, prepared);
    expect(c.source?.length).toBe(a.source?.length);
    expect(c.target?.length).toBe(a.target?.length);
  });

  test('batches at the ends of the draw are inside the data', async () => {
    const prepared = await first;
    checkBatch(
      prepared.trainingBatch(2, () => 0),
      2,
      prepared,
    );
    // The last draw alone, then ones that let a shuffle end.
    const after = uniform(3);
    let draws = 0;
    const last = (): number => (draws++ < 2 ? 1 - 2 ** -53 : after());
    checkBatch(prepared.trainingBatch(2, last), 2, prepared);
  });

  test.each(['validation', 'test'] as const)('%s batches have one shape in a bucket and are full', async (split) => {
    const prepared = await first;
    const sets = prepared.evaluation(split, 100);
    for (const { examples, batches } of sets) {
      expect(examples).toBeGreaterThan(0);
      const [{ size, source, target }] = batches as [Batch];
      expect(batches).toHaveLength(Math.ceil(examples / size));
      for (const batch of batches) {
        checkBatch(batch, size, prepared);
        expect([batch.source?.length, batch.target?.length]).toEqual([source?.length, target?.length]);
      }
    }
    expect(sets.reduce((sum, { examples }) => sum + examples, 0)).toBeGreaterThanOrEqual(prepared.sizes[split]);
  });

  test('has a trained bucket first, longer ones after, and the sizes it states', async () => {
    const prepared = await first;
    const buckets = prepared.evaluation('test', 64).map(({ bucket }) => bucket);
    expect(buckets.map(({ trained }) => trained)).toEqual([true, false, false, false]);
    for (let index = 1; index < buckets.length; index++) {
      expect(buckets[index]?.minimum).toBeGreaterThan(buckets[index - 1]?.maximum as number);
    }
    expect(new Set(buckets.map(({ label }) => label)).size).toBe(buckets.length);
    expect(prepared.evaluation('validation', 64).map(({ bucket }) => bucket.label)).toEqual([buckets[0]?.label]);
    expect(prepared.sizes.train).toBeGreaterThan(1000);
  });

  test('its baselines score every bucket by every metric', async () => {
    const prepared = await first;
    const labels = prepared.evaluation('test', 64).map(({ bucket }) => bucket.label);
    for (const { scores } of prepared.baselines) {
      expect(Object.keys(scores).toSorted()).toEqual(labels.toSorted());
      for (const label of labels) {
        expect(Object.keys(scores[label] ?? {}).toSorted()).toEqual(task.metrics.map(({ name }) => name).toSorted());
      }
    }
  });

  test('an unknown option, a wrong value and a wrong kind of prediction are refused', async () => {
    await expect(task.prepare({ testExample: 3 })).rejects.toThrow(
      new RegExp(`^${task.name}: expected one of .*, got option testExample. Did you mean testExamples\\?$`),
    );
    await expect(task.prepare({ testExamples: 'many' })).rejects.toThrow(TaskError);
    await expect(task.prepare({ testExamples: 2.5 })).rejects.toThrow(/testExamples: expected an integer of at least/);
    const prepared = await first;
    const { bucket } = prepared.evaluation('test', 64)[0] as EvaluationSet;
    const wrong =
      prepared.question.kind === 'classify'
        ? ({ kind: 'sequences', sequences: [] } as const)
        : ({ kind: 'classes', classes: new Int32Array(0) } as const);
    expect(() => prepared.score('test', bucket, wrong)).toThrow(TypeError);
    expect(() => prepared.trainingBatch(0, uniform(1))).toThrow(RangeError);
    expect(() => prepared.evaluation('test', 0)).toThrow(RangeError);
  });

  test('options may be given as text, and limit the test examples', async () => {
    const prepared = await task.prepare({ testExamples: '10' });
    expect(prepared.evaluation('test', 64).map(({ examples }) => examples)).toEqual([10, 10, 10, 10]);
    expect(prepared.fingerprint).not.toBe((await first).fingerprint);
  });
});

test('a task is found by its name, and an unknown name suggests the nearest', () => {
  for (const task of tasks) expect(findTask(task.name)).toBe(task);
  expect(() => findTask('Pronounced')).toThrow(
    new RangeError(
      'task: expected one of pronounce, language, forecast, order, algorithmic, image, video, got Pronounced. Did you mean pronounce?',
    ),
  );
});

test('names of tasks, options and metrics are unique', () => {
  const unique = (names: readonly string[]): boolean => new Set(names).size === names.length;
  expect(unique(tasks.map(({ name }) => name))).toBe(true);
  for (const { options, metrics } of tasks) {
    expect(unique(options.map(({ name }) => name))).toBe(true);
    expect(unique(metrics.map(({ name }) => name))).toBe(true);
  }
});
