/** What was understood of a task's data: shown by `posenc compare --check`, and kept in records. Knows no task. */
import { z } from 'zod';

const count = z.object({ label: z.string(), count: z.int() });

export const dataSummarySchema = z.object({
  /** The file or package it came from, as a person would name it. */
  source: z.string(),
  /** E.g. `CSV, gzip`, `CoNLL`, `installed package`. */
  format: z.string(),
  /** Rows, documents or pictures that were read, refused ones included. */
  rows: z.int(),
  /** Rows that could not be used; records keep the first 20 in detail. */
  refused: z.object({
    count: z.int(),
    /** What `line` counts, where it is no line: `file`, `question`. */
    unit: z.string().optional(),
    first: z.array(z.object({ line: z.int(), reason: z.string() })),
  }),
  /** Columns and what they are used for (`source`, `label`, `not used`). */
  columns: z.array(z.object({ name: z.string(), use: z.string() })).optional(),
  /** How long examples are, in the unit of the length axis. */
  lengths: z
    .object({
      unit: z.string(),
      minimum: z.number(),
      median: z.number(),
      maximum: z.number(),
      histogram: z.array(count),
    })
    .optional(),
  /** Lengths that are trained on, and the longest that are used at all. */
  trainedLength: z.object({ maximum: z.number(), limit: z.number(), chosenBy: z.string() }).optional(),
  /** Examples that were too long, and what was done about them. */
  tooLong: z.object({ count: z.int(), action: z.enum(['refused', 'cut', 'windowed']) }).optional(),
  classes: z.array(count).optional(),
  time: z.object({ first: z.string(), last: z.string(), frequency: z.string(), gaps: z.int() }).optional(),
  /** How examples were divided, in words, e.g. `by author, hashed`. */
  splitBy: z.string().optional(),
  /** The first examples, as a person would write them. */
  examples: z.array(z.string()),
});
export type DataSummary = z.infer<typeof dataSummarySchema>;
