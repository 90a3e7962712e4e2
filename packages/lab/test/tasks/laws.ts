/** Laws that hold for every task, on the data it has without anything fetched. */
import { describe, expect, test } from 'vitest';
import { dataSummarySchema } from '../../src/record/data-summary.ts';
import { sampleSchema } from '../../src/record/sample.ts';
import {
  type Batch,
  type EvaluationSet,
  type Portrait,
  type Predictions,
  type PreparedTask,
  type SequenceArray,
  type Task,
  TaskError,
  type Uniform,
} from '../../src/tasks/task.ts';
import { rightPredictions, wrongPredictions } from './predictions.ts';

/** Multiplicative congruential generator of Park & Miller 1988. */
export function uniform(seed: number): Uniform {
  let state = seed;
  return () => {
    state = (state * 16_807) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** What padding and positions without an answer have as their label. */
const isUnscored = (label: number): boolean => label === -1 || Number.isNaN(label);

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

function checkSpans({ labels, answerFrom, source, size }: Batch): void {
  expect(labels).toHaveLength(2 * size);
  expect(answerFrom).toHaveLength(size);
  for (let row = 0; row < size; row++) {
    const [first, last] = [labels[2 * row] as number, labels[2 * row + 1] as number];
    const [from, end] = [answerFrom?.[row] as number, source?.lengths[row] as number];
    expect(from).toBeGreaterThan(0);
    expect(from).toBeLessThan(end);
    if (first === 0) expect(last).toBe(0);
    else expect(from <= first && first <= last && last < end).toBe(true);
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
  if (output.kind === 'span') {
    checkSpans(batch);
    return;
  }
  const tagged = prepared.question.kind === 'tag';
  const { length, lengths } = (tagged ? batch.source : batch.target) as SequenceArray;
  const width = output.kind === 'values' ? output.horizon : 1;
  expect(batch.labels).toHaveLength(size * length * width);
  expect(batch.labels).toBeInstanceOf(output.kind === 'tokens' ? Int32Array : Float32Array);
  let scored = 0;
  for (let row = 0; row < size; row++) {
    const labels = [...batch.labels.subarray(row * length * width, (row + 1) * length * width)];
    const end = (lengths[row] as number) * width;
    expect(labels.slice(end).every(isUnscored)).toBe(true);
    const counted = labels.filter((label) => !isUnscored(label));
    scored += counted.length;
    // A window of a text may have no word of its own to tag.
    if (!tagged) expect(counted.length).toBeGreaterThan(0);
    if (output.kind === 'tokens') {
      expect(counted.every((label) => label >= (tagged ? 0 : 1) && label < output.vocabulary)).toBe(true);
    }
  }
  expect(scored).toBeGreaterThan(0);
}

/** A batch of one, with what stands at each of its positions. */
export function checkPortrait({ batch, source, target, links = [] }: Portrait, prepared: PreparedTask): void {
  checkBatch(batch, 1, prepared);
  expect(source?.length).toBe(batch.source?.lengths[0]);
  expect(target?.length).toBe(batch.target?.lengths[0]);
  for (const [row, column] of links) {
    expect(target?.[row]).toBeDefined();
    expect(source?.[column]).toBeDefined();
  }
}

/** What right answers score, where that is known: all of a fraction, or all of a score that ends at 100. */
function bestScore({ better, format, unit }: Task['metrics'][number]): number {
  if (better === 'lower') return 0;
  return format === 'fraction' ? 1 : unit?.includes('0 to 100') === true ? 100 : Number.NaN;
}

/** Metrics that right answers do not decide: what attention looks at, and pairs of words where answers are single ones. */
const NOT_OF_ANSWERS = new Set(['alignment-error-rate', 'rouge-2']);

/** What a task may take. */
export interface Exceptions {
  /** Seconds of processor time that preparing may take: more where a tokenizer is trained. Default 3. */
  readonly preparationSeconds?: number;
}

/** Tests of the laws for one task. */
export function describeLaws(task: Task, { preparationSeconds = 3 }: Exceptions = {}): void {
  describe(task.name, () => {
    const first = task.prepare({});
    const sets = async () => (await first).evaluation('test', 64);

    test('prepared again, it has the same data and the same batches, in a few seconds of processor time', async () => {
      const a = await first;
      const start = process.cpuUsage();
      const b = await task.prepare({});
      const { user, system } = process.cpuUsage(start);
      expect((user + system) / 1e6).toBeLessThan(preparationSeconds);
      expect(b.fingerprint).toBe(a.fingerprint);
      expect(a.fingerprint).toMatch(/^[0-9a-f]{64}$/);
      expect(b.evaluation('test', 64)).toEqual(await sets());
      expect(b.trainingBatch(8, uniform(5))).toEqual(a.trainingBatch(8, uniform(5)));
      expect(b.baselines).toEqual(a.baselines);
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
      const evaluated = prepared.evaluation(split, 100);
      for (const { examples, batches } of evaluated) {
        expect(examples).toBeGreaterThan(0);
        const [{ size, source, target }] = batches as [Batch];
        expect(size).toBeLessThanOrEqual(100);
        expect(batches).toHaveLength(Math.ceil(examples / size));
        for (const batch of batches) {
          checkBatch(batch, size, prepared);
          expect([batch.source?.length, batch.target?.length]).toEqual([source?.length, target?.length]);
        }
      }
      expect(evaluated.reduce((sum, { examples }) => sum + examples, 0)).toBeGreaterThanOrEqual(prepared.sizes[split]);
    });

    test('has a trained bucket first, longer ones after, and the sizes it states', async () => {
      const prepared = await first;
      const buckets = (await sets()).map(({ bucket }) => bucket);
      expect(buckets.length).toBeGreaterThan(1);
      expect(buckets.map(({ trained }) => trained)).toEqual(buckets.map((_, index) => index === 0));
      for (let index = 1; index < buckets.length; index++) {
        expect(buckets[index]?.minimum).toBeGreaterThan(buckets[index - 1]?.maximum as number);
      }
      expect(new Set(buckets.map(({ label }) => label)).size).toBe(buckets.length);
      expect(prepared.evaluation('validation', 64).map(({ bucket }) => bucket.label)).toEqual([buckets[0]?.label]);
      expect(prepared.sizes.train).toBeGreaterThan(1000);
    });

    test('says of its data where it is from, how long it is and how it was divided', async () => {
      const { data } = await first;
      if (data === undefined) throw new Error('expected a summary of the data');
      expect(dataSummarySchema.parse(data)).toEqual(data);
      const { rows, refused, lengths, trainedLength, splitBy, examples } = data;
      expect(rows).toBeGreaterThan(0);
      expect(refused.first.length).toBeLessThanOrEqual(refused.count);
      expect(splitBy).not.toBe('');
      expect(examples.every((example) => example !== '')).toBe(true);
      if (lengths !== undefined) {
        expect(lengths.minimum).toBeLessThanOrEqual(lengths.median);
        expect(lengths.median).toBeLessThanOrEqual(lengths.maximum);
        expect(lengths.histogram.length).toBeGreaterThan(0);
      }
      const [trained, ...longer] = (await sets()).map(({ bucket }) => bucket);
      if (trainedLength !== undefined) {
        expect(trainedLength.maximum).toBe(trained?.maximum);
        for (const { maximum } of longer) expect(maximum).toBeLessThanOrEqual(trainedLength.limit);
      }
    });

    test('its baselines score every bucket; one needs no data, and one sees no order', async () => {
      const prepared = await first;
      const metrics = (prepared.metrics ?? task.metrics).map(({ name }) => name);
      const labels = (await sets()).map(({ bucket }) => bucket.label);
      for (const { scores } of prepared.baselines) {
        expect(Object.keys(scores).toSorted()).toEqual(labels.toSorted());
        for (const label of labels) {
          const found = scores[label] ?? {};
          expect(metrics).toEqual(expect.arrayContaining(Object.keys(found)));
          // The metric that encodings are compared by is never missing.
          expect(found[metrics[0] as string]).toSatisfy(Number.isFinite);
        }
      }
      expect(prepared.baselines.some(({ orderBlind }) => orderBlind === true)).toBe(true);
    });

    test('right answers score best, and better than wrong ones', async () => {
      const prepared = await first;
      const metrics = prepared.metrics ?? task.metrics;
      for (const set of await sets()) {
        const score = (predictions: Predictions) => prepared.score('test', set.bucket, predictions);
        const [right, wrong] = [rightPredictions, wrongPredictions].map((make) => score(make(prepared, set)));
        for (const metric of metrics) {
          const [high, low] = [right?.[metric.name], wrong?.[metric.name]] as [number, number];
          if (NOT_OF_ANSWERS.has(metric.name)) continue;
          expect(high).toSatisfy(Number.isFinite);
          const best = bestScore(metric);
          if (prepared.question.kind !== 'regress' && !Number.isNaN(best)) expect(high).toBeCloseTo(best, 9);
          if (metric.better === 'lower') expect(high).toBeLessThan(low);
          else expect(high).toBeGreaterThan(low);
        }
      }
    });

    test('shows the same examples whatever was answered, and right ones as right', async () => {
      const prepared = await first;
      for (const set of await sets()) {
        const show = (predictions: Predictions) => prepared.samples?.(set.bucket, predictions) ?? [];
        const right = show(rightPredictions(prepared, set));
        const wrong = show(wrongPredictions(prepared, set));
        expect(wrong.map(({ id }) => id)).toEqual(right.map(({ id }) => id));
        expect(new Set(right.map(({ id }) => id)).size).toBe(right.length);
        expect(right.length).toBeLessThanOrEqual(set.examples);
        for (const sample of [...right, ...wrong]) {
          expect(sampleSchema.parse(sample)).toEqual(sample);
          expect(sample.bucket).toBe(set.bucket.label);
        }
        for (const sample of right) {
          if (sample.kind === 'series') continue;
          if (sample.right !== undefined) expect(sample.right).toBe(true);
          // Likelihood is no answer; a stretch of text may have a point more, or words that are not scored.
          if (prepared.question.kind !== 'likelihood' && sample.kind !== 'spans') {
            expect(sample.answer).toEqual(sample.expected);
          }
        }
      }
    });

    test('its portrait is one example with a word for every position', async () => {
      const prepared = await first;
      if (prepared.portrait !== undefined) checkPortrait(prepared.portrait, prepared);
    });

    test('an unknown option, a wrong value and a wrong kind of prediction are refused', async () => {
      await expect(task.prepare({ testExample: 3 })).rejects.toThrow(
        new RegExp(`^${task.name}: expected one of .*, got option testExample. Did you mean testExamples\\?$`),
      );
      await expect(task.prepare({ testExamples: 'many' })).rejects.toThrow(TaskError);
      await expect(task.prepare({ testExamples: 2.5 })).rejects.toThrow(
        /--test-examples: expected an integer of at least/,
      );
      const prepared = await first;
      const { bucket } = (await sets())[0] as EvaluationSet;
      const wrong: Predictions =
        prepared.question.kind === 'classify'
          ? { kind: 'sequences', sequences: [] }
          : { kind: 'classes', classes: new Int32Array(0) };
      expect(() => prepared.score('test', bucket, wrong)).toThrow(TypeError);
      expect(() => prepared.trainingBatch(0, uniform(1))).toThrow(RangeError);
      expect(() => prepared.evaluation('test', 0)).toThrow(RangeError);
    });

    test('what it decides for this machine, it decides alike again, and it is what it does unasked', async () => {
      const decided = await task.resolve?.({});
      if (decided === undefined) return;
      expect((await task.resolve?.(decided.options))?.options).toEqual(decided.options);
      const known = task.options.map(({ name }) => name);
      expect(known).toEqual(expect.arrayContaining(Object.keys(decided.options)));
      const own = { data: 'mine.csv' };
      expect(await task.resolve?.(own)).toEqual({ options: own });
    });

    test('options may be given as text, and limit the test examples', async () => {
      const prepared = await task.prepare({ ...(await task.resolve?.({}))?.options, testExamples: '10' });
      const limited = prepared.evaluation('test', 64);
      expect(prepared.sizes.test).toBeLessThanOrEqual(10 * limited.length);
      expect(prepared.sizes.train).toBe((await first).sizes.train);
      expect(prepared.trainingBatch(8, uniform(7))).toEqual((await first).trainingBatch(8, uniform(7)));
      expect(prepared.fingerprint).not.toBe((await first).fingerprint);
    });
  });
}

/** How many different sources training draws, whatever is drawn with equal steps. */
export function countDrawn(prepared: PreparedTask): number {
  const [draws, size] = [40_000, 100];
  const drawn = new Set<string>();
  for (let first = 0; first < draws; first += size) {
    let next = first;
    const { data, length } = prepared.trainingBatch(size, () => next++ / draws).source as SequenceArray;
    for (let row = 0; row < size; row += 1) drawn.add(data.subarray(row * length, (row + 1) * length).join(' '));
  }
  return drawn.size;
}
