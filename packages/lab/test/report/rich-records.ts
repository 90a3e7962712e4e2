/** Records with samples of every kind, attention, data and baselines, as they come out of tasks; numbers given by hand. */
import type { DataSummary } from '../../src/record/data-summary.ts';
import { type RunRecord, runRecordSchema } from '../../src/record/record.ts';
import type { AttentionPicture, Sample, Span } from '../../src/record/sample.ts';
import { sampleRecord } from './sample-records.ts';

/** Encodings with their error in the trained range: the lower the better. */
export const EIGHT: Readonly<Record<string, number>> = {
  none: 0.6,
  sinusoidal: 0.2,
  learned: 0.24,
  rotary: 0.19,
  xpos: 0.23,
  alibi: 0.21,
  t5: 0.22,
  kerple: 0.2,
};

export type SamplesOf = (encoding: string, index: number) => readonly Sample[];

/** Two seeds of each encoding, with what `change` adds. */
export function richRecords(
  samples: SamplesOf,
  change: (record: RunRecord) => RunRecord = (record) => record,
  encodings = Object.keys(EIGHT),
): RunRecord[] {
  return encodings.flatMap((encoding, index) =>
    [0, 1].map((seed) => {
      const error = (EIGHT[encoding] as number) + seed * 0.003 + (index % 2) * seed * 0.002;
      const record = sampleRecord(encoding === 'none' ? 'none' : encoding, seed, [error, error + 0.3]);
      const rich = {
        ...record,
        encoding: { ...record.encoding, title: TITLES[encoding] ?? encoding, encoder: [] },
        samples: samples(encoding, index).map((sample) => ({ ...sample, id: sample.id })),
      };
      return runRecordSchema.parse(change(rich));
    }),
  );
}

const TITLES: Readonly<Record<string, string>> = { alibi: 'ALiBi', t5: 'T5', xpos: 'xPos', kerple: 'KERPLE' };

/** What a text could do to a page: markup, an entity, quotes, control characters, a direction override, half a character. */
export const HOSTILE =
  '<script>alert("x")</script> &lt;b&gt; <img src=x onerror=\'y\'> `code` [link](http://e.example) \u0000\u001b[31m \u202Eabc\u202C \ud83d';

const VERSE = 'In the beginning God created the heaven and the earth.';

/** Translations; `none` has its words out of order. */
export const textSamples: SamplesOf = (encoding, index) => {
  const wrong = encoding === 'none';
  const text = (id: string, source: string, expected: string, answer: string, right?: boolean): Sample => ({
    id,
    bucket: id === 'long' ? '13–16' : '3–8',
    kind: 'text',
    source,
    expected,
    answer,
    ...(right === undefined ? {} : { right }),
  });
  return [
    text('all right', 'buenos días', 'good morning', 'good morning', true),
    {
      ...text(
        'Genesis 1:1',
        'En el principio crió Dios los cielos y la tierra.',
        VERSE,
        wrong
          ? 'In the earth God created the heaven and beginning'
          : VERSE.replace('heaven', index % 2 === 0 ? 'heaven' : 'sky'),
        !wrong && index % 2 === 0,
      ),
      score: { metric: 'phoneme-error-rate', value: wrong ? 0.43 : 0.05 },
    } as Sample,
    text('hostile', HOSTILE, HOSTILE, `${HOSTILE} more`, false),
    text('arabic', 'שלום עולם', 'مرحبا بالعالم', 'مرحبا العالم', false),
    text('emoji', '👩‍👩‍👧‍👦 family 🇺🇬', 'a family 👩‍👩‍👧‍👦', wrong ? '' : 'the family 👩‍👩‍👧‍👦', !wrong),
    text(
      'long',
      `${'A very long text. '.repeat(560)}The end.`.slice(0, 10000),
      'sport',
      wrong ? 'politics' : 'sport',
      !wrong,
    ),
    text('no spaces', '我喜欢读书', '他喜欢看书', wrong ? '书看喜欢他' : '他喜欢读书', false),
    text('unbroken', 'x'.repeat(400), 'y'.repeat(200), wrong ? 'z'.repeat(500) : 'y'.repeat(200), !wrong),
  ];
};

const ARTICLE =
  'Uganda is a landlocked country in East Africa. It is bordered to the east by Kenya, to the north by South Sudan, to the west by the Congo, to the south-west by Rwanda and to the south by Tanzania. ';

export const spanSamples: SamplesOf = (encoding, index) => {
  const at = (text: string, word: string, label: string, from = 0): Span => {
    const start = text.indexOf(word, from);
    return { start, end: start + word.length, label };
  };
  const names = [at(ARTICLE, 'Uganda', 'LOC'), at(ARTICLE, 'East Africa', 'LOC'), at(ARTICLE, 'Kenya', 'LOC')];
  const long = `${ARTICLE.repeat(6)}Its capital is Kampala. ${ARTICLE.repeat(40)}`;
  const capital = at(long, 'Kampala', '');
  const some = encoding === 'none' ? [] : index % 2 === 0 ? names : [...names.slice(0, 2), at(ARTICLE, 'north', 'ORG')];
  return [
    { id: 'names', bucket: '3–8', kind: 'spans', text: ARTICLE, expected: names, answer: some, right: some === names },
    {
      id: 'capital',
      bucket: '13–16',
      kind: 'spans',
      question: 'What is the capital of <Uganda>?',
      text: long,
      expected: [capital],
      answer: index % 3 === 0 ? [] : [index % 3 === 1 ? capital : at(long, 'Rwanda', '', 3000)],
      right: index % 3 === 1,
    },
    {
      id: 'overlap',
      bucket: '3–8',
      kind: 'spans',
      text: 'New York Times & <b>',
      expected: [at('New York Times', 'New York Times', 'ORG')],
      answer: [at('New York Times', 'New York', 'LOC'), at('New York Times', 'York Times', 'ORG')],
      right: false,
    },
  ];
};

/** Half-hourly load; forecasts drift by encoding. */
export const seriesSamples: SamplesOf = (encoding, index) => {
  const day = (step: number): string => new Date(Date.UTC(2014, 0, 1) + step * 1800e3).toISOString();
  const value = (step: number): number => 4000 + 900 * Math.sin((step / 48) * 2 * Math.PI) + 120 * Math.sin(step * 1.7);
  const past = Array.from({ length: 400 }, (_, step) => step);
  const future = Array.from({ length: 24 }, (_, step) => 400 + step);
  const forecast = future.map(
    (step, ahead) => value(step) + (encoding === 'none' ? 30 : 6) * (ahead + 1) * (index % 2 === 0 ? 1 : -1),
  );
  const series = (id: string, steps: readonly number[], ahead: readonly number[]): Sample => ({
    id,
    bucket: '3–8',
    kind: 'series',
    title: 'load in MW',
    past: { times: steps.map(day), values: steps.map(value) },
    future: { times: ahead.map(day), values: ahead.map(value) },
    forecast: forecast.slice(0, ahead.length),
    interval: {
      low: forecast.slice(0, ahead.length).map((mean) => mean - 200),
      high: forecast.slice(0, ahead.length).map((mean) => mean + 200),
      share: 0.8,
    },
  });
  return [series('January', past, future), series('one step', past.slice(-60), future.slice(0, 1))];
};

/** An F, so that turning and mirroring show; clips move it to the right. */
function pixelsOf(frames: number, side: number, channels: 1 | 3): string {
  const bytes = new Uint8Array(frames * side * side * channels);
  for (let frame = 0; frame < frames; frame += 1) {
    for (let row = 0; row < side; row += 1) {
      for (let column = 0; column < side; column += 1) {
        const [x, y] = [(column - frame) / side, row / side];
        const inked =
          (x > 0.2 && x < 0.3 && y > 0.1 && y < 0.9) ||
          (x > 0.2 && x < 0.7 && y > 0.1 && y < 0.2) ||
          (x > 0.2 && x < 0.55 && y > 0.42 && y < 0.52);
        const at = ((frame * side + row) * side + column) * channels;
        for (let channel = 0; channel < channels; channel += 1) bytes[at + channel] = inked ? 255 - 80 * channel : 20;
      }
    }
  }
  return Buffer.from(bytes).toString('base64');
}

export const pictureSamples: SamplesOf = (encoding, index) => {
  const picture = (id: string, frames: number, side: number, channels: 1 | 3, patch: number): Sample => {
    const right = index % 2 === 0 && encoding !== 'none';
    return {
      id,
      bucket: '3–8',
      kind: 'picture',
      frames,
      height: side,
      width: side,
      channels,
      patch,
      pixels: pixelsOf(frames, side, channels),
      expected: 'letter F',
      answer: right ? 'letter F' : 'ankle boot',
      right,
    };
  };
  return [
    picture('grey', 1, 28, 1, 4),
    picture('coloured', 1, 32, 3, 8),
    picture('clip', 8, 24, 1, 8),
    picture('long clip', 24, 24, 1, 8),
    ...Array.from({ length: 6 }, (_, at) => picture(`more ${at}`, 1, 28, 1, 7)),
  ];
};

/** Cross-attention of a short sentence with its links, and self-attention of a long one. */
export function attentionOf(index: number): AttentionPicture[] {
  const target = ['En', 'el', 'principio', 'crió', 'Dios', 'los', 'cielos', 'y', 'la', 'tierra'];
  const source = ['In', 'the', 'beginning', 'God', 'created', 'the', 'heaven', 'and', 'the', 'earth', '<end>'];
  const links: [number, number][] = [
    [0, 0],
    [2, 2],
    [3, 4],
    [4, 3],
    [6, 6],
    [7, 7],
    [9, 9],
  ];
  const rowsOf = (queries: number, keys: number, sharp: number): number[] =>
    Array.from({ length: queries }, (_, query) => {
      const scores = Array.from({ length: keys }, (_, key) =>
        Math.exp(-sharp * Math.abs(key - (query * keys) / queries)),
      );
      const sum = scores.reduce((total, score) => total + score, 0);
      return scores.map((score) => score / sum);
    }).flat();
  const long = Array.from({ length: 130 }, (_, at) => `word${at}`);
  return [
    {
      title: 'decoder over source, mean of all layers',
      queries: target,
      keys: source,
      weights: rowsOf(10, 11, index === 0 ? 0 : 0.6 + index / 8),
      links,
    },
    { title: 'encoder, layer 1', queries: long, keys: long, weights: rowsOf(130, 130, 0.2 * index) },
    { title: 'encoder, layer 2', queries: source, keys: source, weights: rowsOf(11, 11, 0.5) },
  ];
}

export const DATA: DataSummary = {
  source: 'my <verses> & more.csv.gz',
  format: 'CSV, gzip',
  rows: 31102,
  refused: {
    count: 23,
    first: Array.from({ length: 20 }, (_, at) => ({
      line: 7 + 11 * at,
      reason: `expected 3 cells, got ${at % 2 === 0 ? 2 : 4}`,
    })),
  },
  columns: [
    { name: 'english', use: 'source' },
    { name: 'spanish', use: 'target' },
    { name: 'book', use: 'group' },
    { name: 'comment', use: 'not used' },
  ],
  lengths: {
    unit: 'tokens',
    minimum: 3,
    median: 24,
    maximum: 211,
    histogram: Array.from({ length: 16 }, (_, at) => ({
      label: `${at * 8}–${at * 8 + 7}`,
      count: Math.round(6000 * Math.exp(-((at - 3) ** 2) / 8)),
    })),
  },
  trainedLength: { maximum: 48, limit: 128, chosenBy: '90th percentile of the training split' },
  tooLong: { count: 41, action: 'windowed' },
  classes: Array.from({ length: 30 }, (_, at) => ({
    label: `section <${at}> with a rather long name`,
    count: 3000 - 97 * at,
  })),
  time: { first: '1990-01-02', last: '2026-11-20', frequency: 'business days', gaps: 3 },
  splitBy: 'by book, hashed',
  examples: ['In the beginning… → En el principio…', HOSTILE, 'w'.repeat(1000)],
};

/** Baselines, metrics along the depth of the answer, attention and data. */
export function enriched(orderBlind: number, trivial = 0.9): (record: RunRecord) => RunRecord {
  const steps = ['first quarter', 'second quarter', 'third quarter', 'last quarter'];
  return (record) => {
    const { encoding } = record.configuration;
    const index = Object.keys(EIGHT).indexOf(encoding);
    const along = (base: number, beyond: boolean): Record<string, number> =>
      Object.fromEntries(
        steps.flatMap((_, at) =>
          // No text of the trained length is so long that it has a last quarter: left out there.
          at === 3 && !beyond ? [] : [[`exact-at-${at}`, Math.max(0, 1 - base - at * 0.05 * (index % 3))]],
        ),
      );
    const scores = (label: string): Record<string, number> => record.test[label] as Record<string, number>;
    const rate = 'phoneme-error-rate';
    return {
      ...record,
      attention: attentionOf(index),
      test: {
        '3–8': { ...scores('3–8'), ...along(scores('3–8')[rate] as number, false) },
        '13–16': { ...scores('13–16'), ...along(scores('13–16')[rate] as number, true) },
      },
      task: {
        ...record.task,
        metrics: [
          ...record.task.metrics,
          ...steps.map((label, at) => ({
            name: `exact-at-${at}`,
            title: `exact match, answer in the ${label}`,
            better: 'higher' as const,
            format: 'fraction' as const,
            along: { axis: 'depth of the answer', label },
          })),
        ],
        baselines: [
          {
            name: 'bag',
            title: 'bag of letters',
            orderBlind: true,
            scores: { '3–8': { [rate]: orderBlind }, '13–16': { [rate]: 0.8 } },
          },
          { name: 'copy', title: 'copy', scores: { '3–8': { [rate]: trivial }, '13–16': { [rate]: 0.95 } } },
        ],
        data: DATA,
      },
    };
  };
}
