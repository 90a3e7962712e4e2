/** From the records of one comparison to everything its report says. From records alone. */
import { encodingDescriptions } from 'posenc/registry';
import { RecordError } from '../record/parse.ts';
import { type RunRecord, runConfigurationSchema } from '../record/record.ts';
import { findings } from './findings.ts';
import { roomOf } from './room.ts';
import { compareAttention, compareSamples } from './samples.ts';
import { estimate, pooledVariance, type Spread } from './statistics.ts';
import type { EncodingSummary, Metric, Summary } from './summary.ts';

/**
 * Groups records of one comparison by encoding, in the registry's order, whatever the order in which they come.
 *
 * @throws {RecordError} when there are none, or they differ in more than encoding and seed
 */
export function summarize(records: readonly RunRecord[]): Summary {
  const [first] = records;
  if (first === undefined) throw new RecordError('report: expected at least one record, got none');
  for (const record of records) checkComparable(first, record);
  checkOnce(records);
  const { task, model, training } = first.configuration;
  const names = [...new Set(records.map(({ configuration }) => configuration.encoding))].sort(byRegistry);
  const groups = names.map((name) => records.filter(({ configuration }) => configuration.encoding === name));
  const spreads = spreadsOf(groups);
  const encodings = groups.map((group) => summarizeEncoding(group, spreads));
  const described = { ...first.task, ...task };
  const room = roomOf(described, encodings);
  return {
    task: described,
    model,
    training,
    encodings,
    ...(room === undefined ? {} : { room }),
    samples: compareSamples(groups),
    attention: compareAttention(groups),
    findings: findings(described, encodings, room),
    command: commandOf(records, names),
    environment: first.environment,
    runs: records.length,
  };
}

/** How scores vary from seed to seed, by metric and bucket, pooled over the encodings. */
function spreadsOf(groups: readonly (readonly RunRecord[])[]): (metric: string, bucket: string) => Spread | undefined {
  return (metric, bucket) =>
    pooledVariance(groups.map((group) => group.flatMap((record) => record.test[bucket]?.[metric] ?? [])));
}

function summarizeEncoding(
  records: readonly RunRecord[],
  spreads: (metric: string, bucket: string) => Spread | undefined,
): EncodingSummary {
  const sorted = records.toSorted((a, b) => a.configuration.seed - b.configuration.seed);
  const [first] = sorted as [RunRecord];
  const { metrics, buckets } = first.task;
  const values = Object.fromEntries(
    metrics.map((metric) => [
      metric.name,
      Object.fromEntries(
        buckets
          .filter(({ label }) => hasScores(sorted, label, metric))
          .map(({ label }) => [label, sorted.map((record) => scoreOf(record, label, metric.name))]),
      ),
    ]),
  );
  const scores = Object.fromEntries(
    Object.entries(values).map(([name, byBucket]) => [
      name,
      Object.fromEntries(
        Object.entries(byBucket).map(([label, list]) => [label, estimate(list, spreads(name, label))]),
      ),
    ]),
  );
  const mean = (value: (record: RunRecord) => number): number => estimate(sorted.map(value)).mean;
  const metric = (metrics[0] as Metric).name;
  const trained = (scoresByBucket: RunRecord['test']): number =>
    estimate(Object.values(scoresByBucket).map((bucket) => bucket[metric] as number)).mean;
  return {
    encoding: first.configuration.encoding,
    title: first.encoding.title,
    seeds: sorted.map(({ configuration }) => configuration.seed),
    scores,
    values,
    curve: first.curve.map(({ step }, index) => ({ step, loss: mean(({ curve }) => curve[index]?.loss as number) })),
    validation: first.validation.map(({ step }, index) => ({
      step,
      score: mean(({ validation }) => trained(validation[index]?.scores ?? {})),
    })),
    costs: {
      parameters: first.parameters,
      positionParameters: first.encoding.parameters,
      tableBytes: first.encoding.tableBytes,
      medianStepMilliseconds: mean(({ costs }) => costs.medianStepMilliseconds),
      tokensPerSecond: mean(({ costs }) => costs.tokensPerSecond),
      trainingSeconds: mean(({ costs }) => costs.trainingSeconds),
      peakMemoryBytes: Math.max(...sorted.map(({ costs }) => costs.peakMemoryBytes)),
    },
    options: first.encoding.encoder.length > 0 ? first.encoding.encoder : first.encoding.decoder,
    pitfalls: first.encoding.pitfalls,
    ...(first.encoding.orderSensitivity === undefined ? {} : { orderSensitivity: first.encoding.orderSensitivity }),
  };
}

/** Registered encodings first, in their order; then by name. */
function byRegistry(a: string, b: string): number {
  const rank = (encoding: string): number => {
    const index = encodingDescriptions.findIndex(({ name }) => name === encoding.split(':')[0]);
    return index < 0 ? encodingDescriptions.length : index;
  };
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

/** A step of another axis may have no example in a bucket: no answer is at the end of the shortest texts. */
function hasScores(records: readonly RunRecord[], bucket: string, { name, along }: Metric): boolean {
  return along === undefined || records.some(({ test }) => test[bucket]?.[name] !== undefined);
}

function scoreOf(record: RunRecord, bucket: string, metric: string): number {
  const score = record.test[bucket]?.[metric];
  if (score === undefined) {
    const { encoding, seed } = record.configuration;
    throw new RecordError(`report: the record of ${encoding}, seed ${seed}, has no ${metric} for ${bucket}`);
  }
  return score;
}

function checkComparable(first: RunRecord, record: RunRecord): void {
  const settings = (r: RunRecord): string =>
    JSON.stringify(runConfigurationSchema.omit({ encoding: true, seed: true }).parse(r.configuration));
  if (first.task.fingerprint !== record.task.fingerprint || settings(first) !== settings(record)) {
    const describe = ({ configuration: { encoding, seed, task } }: RunRecord): string =>
      `${task.name} ${encoding} seed ${seed}`;
    throw new RecordError(
      `report: expected runs that differ in encoding and seed only, but ${describe(first)} and ${describe(record)} ` +
        'differ in data or settings; report each comparison on its own',
    );
  }
}

function checkOnce(records: readonly RunRecord[]): void {
  const seen = new Set<string>();
  for (const { configuration } of records) {
    const name = `${configuration.encoding}, seed ${configuration.seed}`;
    if (seen.has(name)) throw new RecordError(`report: expected each run once, got ${name} twice`);
    seen.add(name);
  }
}

/** A command that makes these runs; settings are always named, so that it stays true when defaults change. */
function commandOf(records: readonly RunRecord[], encodings: readonly string[]): string {
  const { task, model, training, evaluation } = (records[0] as RunRecord).configuration;
  const seeds = [...new Set(records.map(({ configuration }) => configuration.seed))].sort((a, b) => a - b);
  const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const flags = { ...task.options, ...model, ...training, evaluationBatchSize: evaluation.batchSize };
  return [
    'npx posenc compare',
    `--task ${task.name}`,
    `--encodings ${encodings.join(',')}`,
    `--seeds ${seedsFlag(seeds)}`,
    ...Object.entries(flags).map(([name, value]) => `--${kebab(name)} ${quoted(String(value))}`),
  ].join(' ');
}

/** A count for seeds 0 … n−1, else the list. A trailing comma keeps a single seed from being read as a count. */
function seedsFlag(seeds: readonly number[]): string {
  if (seeds.every((seed, index) => seed === index)) return String(seeds.length);
  return seeds.length === 1 ? `${seeds[0]},` : seeds.join(',');
}

function quoted(text: string): string {
  return /^[\w.,:=/@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
