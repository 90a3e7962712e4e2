/**
 * Test examples side by side: what every encoding answered to the same one, those on which they differ first. From
 * records alone; knows no drawing.
 */
import { RecordError } from '../record/parse.ts';
import type { RunRecord } from '../record/record.ts';
import type { Sample } from '../record/sample.ts';
import type { ComparedSample, EncodingAttention } from './summary.ts';

/**
 * The samples of the first seed of each encoding, by example.
 *
 * @param groups - the records of each encoding, in the order in which answers are listed
 * @throws {RecordError} when two records hold different examples under one name
 */
export function compareSamples(groups: readonly (readonly RunRecord[])[]): readonly ComparedSample[] {
  const found = new Map<string, { example: Example; key: string; answers: unknown[] }>();
  for (const record of firstSeeds(groups, ({ samples }) => samples)) {
    const { encoding, seed } = record.configuration;
    const here = new Set<string>();
    for (const sample of record.samples ?? []) {
      const { example, given } = apart(sample);
      const key = JSON.stringify(example);
      const held = found.get(sample.id) ?? { example, key, answers: [] };
      if (held.key !== key || here.has(sample.id)) {
        throw new RecordError(
          `report: expected one example named ${JSON.stringify(sample.id)}, the same in all runs, but ${encoding}, ` +
            `seed ${seed}, has another; its record was made by another posenc: delete it to run it again`,
        );
      }
      here.add(sample.id);
      held.answers.push({ encoding, title: record.encoding.title, seed, ...given });
      found.set(sample.id, held);
    }
  }
  const compared = [...found.values()].map(
    ({ example, answers }) => ({ ...example, answers }) as object as ComparedSample,
  );
  return compared
    .map((sample) => ({ sample, rank: disagreement(sample) }))
    .sort((a, b) => b.rank - a.rank)
    .map(({ sample }) => sample);
}

/**
 * What the first seed of each encoding attended to.
 *
 * @throws {RecordError} when a matrix does not have a weight for each query and key
 */
export function compareAttention(groups: readonly (readonly RunRecord[])[]): readonly EncodingAttention[] {
  for (const { configuration, attention = [] } of groups.flat()) {
    for (const { title, queries, keys, weights } of attention) {
      if (weights.length === queries.length * keys.length) continue;
      throw new RecordError(
        `report: expected ${queries.length} × ${keys.length} weights of “${title}” in the record of ` +
          `${configuration.encoding}, seed ${configuration.seed}, got ${weights.length}; delete it to run it again`,
      );
    }
  }
  return firstSeeds(groups, ({ attention }) => attention).map(({ configuration, encoding, attention = [] }) => ({
    encoding: configuration.encoding,
    title: encoding.title,
    seed: configuration.seed,
    pictures: attention,
  }));
}

/**
 * How much answers to an example differ: 2–3 where some are right and others wrong, most where they are halved; 1–2 where
 * they differ and none or all are right, and for forecasts, most where the errors differ most; 0 where all are the same.
 */
export function disagreement(sample: ComparedSample): number {
  if (sample.kind === 'series') {
    const errors = sample.answers.map(({ forecast }) => absoluteError(forecast, sample.future.values));
    return 1 + relativeRange(errors);
  }
  const verdicts = sample.answers.flatMap(({ right }) => (right === undefined ? [] : [right]));
  const right = verdicts.filter(Boolean).length;
  if (right > 0 && right < verdicts.length) {
    return 2 + Math.min(right, verdicts.length - right) / verdicts.length;
  }
  if (new Set(sample.answers.map(({ answer }) => JSON.stringify(answer))).size < 2) return 0;
  const scores =
    sample.kind === 'text' ? sample.answers.flatMap(({ score }) => (score === undefined ? [] : [score.value])) : [];
  return 1 + relativeRange(scores);
}

/** Equal answers once, in the order in which they come, with the names of all encodings that gave them. */
export function groupedAnswers<Answer extends Pick<ComparedSample['answers'][number], 'encoding' | 'title' | 'seed'>>(
  answers: readonly Answer[],
): readonly { readonly titles: string; readonly first: Answer }[] {
  const groups = new Map<string, Answer[]>();
  for (const answer of answers) {
    const { encoding, title, seed, ...given } = answer;
    const key = JSON.stringify(given);
    groups.set(key, [...(groups.get(key) ?? []), answer]);
  }
  return [...groups.values()].map((group) => ({
    titles: group.map(({ title }) => title).join(', '),
    first: group[0] as Answer,
  }));
}

/** Mean absolute error of a forecast over its horizon, in the units of the series. */
export function absoluteError(forecast: readonly number[], actual: readonly number[]): number {
  const count = Math.min(forecast.length, actual.length);
  const errors = actual.slice(0, count).map((value, at) => Math.abs(value - (forecast[at] as number)));
  return errors.reduce((sum, error) => sum + error, 0) / Math.max(count, 1);
}

/** In [0, 1]: 0 where all are equal or there are fewer than two. */
function relativeRange(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const size = Math.max(Math.abs(low), Math.abs(high));
  return size === 0 ? 0 : Math.min(1, (high - low) / size);
}

type Example = Omit<Sample, 'answer' | 'right' | 'score' | 'forecast' | 'interval'>;

/** What belongs to the example, and what a model gave. */
function apart(sample: Sample): { readonly example: Example; readonly given: object } {
  switch (sample.kind) {
    case 'text': {
      const { answer, right, score, ...example } = sample;
      const judged = right === undefined ? {} : { right };
      return { example, given: { answer, ...judged, ...(score === undefined ? {} : { score }) } };
    }
    case 'spans':
    case 'picture': {
      const { answer, right, ...example } = sample;
      return { example, given: { answer, right } };
    }
    case 'series': {
      const { forecast, interval, ...example } = sample;
      return { example, given: { forecast, ...(interval === undefined ? {} : { interval }) } };
    }
  }
}

/** Of each encoding, the record of the lowest seed that has some of what is looked for. */
function firstSeeds(
  groups: readonly (readonly RunRecord[])[],
  kept: (record: RunRecord) => readonly unknown[] | undefined,
): readonly RunRecord[] {
  return groups.flatMap((group) =>
    group
      .filter((record) => (kept(record)?.length ?? 0) > 0)
      .toSorted((a, b) => a.configuration.seed - b.configuration.seed)
      .slice(0, 1),
  );
}
