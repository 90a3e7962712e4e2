/**
 * What a record keeps of single examples, so that a report can show them: answers beside what was expected, and what a
 * model attended to. Which examples are kept is decided by the data alone, so all encodings of a comparison show the
 * same ones. Knows no task and no drawing.
 */
import { z } from 'zod';

/** What every sample has: its name, the same in every run, and the length bucket it lies in. */
const common = { id: z.string(), bucket: z.string() };

/** A stretch of a text, in UTF-16 code units from its start; `end` is not part of it. */
const span = z.object({ start: z.int(), end: z.int(), label: z.string() });
export type Span = z.infer<typeof span>;

/** A text and its answer: a translation, a summary, a class. */
const textSample = z.object({
  ...common,
  kind: z.literal('text'),
  source: z.string(),
  expected: z.string(),
  answer: z.string(),
  /** Absent where an answer is neither right nor wrong. */
  right: z.boolean().optional(),
  /** The example's own score, by the name of its metric. */
  score: z.object({ metric: z.string(), value: z.number() }).optional(),
});

/** A text with marked stretches: names, the answer to a question. */
const spansSample = z.object({
  ...common,
  kind: z.literal('spans'),
  /** What is asked of the text, if anything. */
  question: z.string().optional(),
  text: z.string(),
  expected: z.array(span),
  answer: z.array(span),
  right: z.boolean(),
});

/** A stretch of a series and its forecast. Times are ISO 8601. */
const seriesSample = z.object({
  ...common,
  kind: z.literal('series'),
  /** What the values are, with their unit. */
  title: z.string(),
  past: z.object({ times: z.array(z.string()), values: z.array(z.number()) }),
  future: z.object({ times: z.array(z.string()), values: z.array(z.number()) }),
  forecast: z.array(z.number()),
  /** The lowest and highest quantile asked for, where there are some. */
  interval: z.object({ low: z.array(z.number()), high: z.array(z.number()), share: z.number() }).optional(),
});

/** A picture or a clip, cut into patches. */
const pictureSample = z.object({
  ...common,
  kind: z.literal('picture'),
  frames: z.int(),
  height: z.int(),
  width: z.int(),
  /** 1 for grey values, 3 for red, green and blue. */
  channels: z.union([z.literal(1), z.literal(3)]),
  /** The side of a square patch in pixels. */
  patch: z.int(),
  /** Bytes [frames, height, width, channels] in base64, 0 dark … 255 bright. */
  pixels: z.string(),
  expected: z.string(),
  answer: z.string(),
  right: z.boolean(),
});

export const sampleSchema = z.discriminatedUnion('kind', [textSample, spansSample, seriesSample, pictureSample]);
export type Sample = z.infer<typeof sampleSchema>;

/** The weights of one attention for one example, the mean over heads (and layers, where the title says so). */
export const attentionSchema = z.object({
  title: z.string(),
  /** What stands at each query and key, in order. */
  queries: z.array(z.string()),
  keys: z.array(z.string()),
  /** Row-major [queries, keys]; each row sums to 1 up to rounding. */
  weights: z.array(z.number()),
  /** Known links of queries and keys, by index: which words translate each other. */
  links: z.array(z.tuple([z.int(), z.int()])).optional(),
});
export type AttentionPicture = z.infer<typeof attentionSchema>;
