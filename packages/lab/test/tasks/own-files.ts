/** What tests of tasks on people's own files share: a folder with an awkward name, and examples read back from batches. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { hashFraction } from '../../src/data/hash.ts';
import type { TextTokenizer } from '../../src/data/text-tokenizer/types.ts';
import { loadTextTokenizer } from '../../src/data/text-tokenizer.ts';
import type { Batch, EvaluationSet, PreparedTask, SequenceArray } from '../../src/tasks/task.ts';

const folder = mkdtempSync(join(tmpdir(), 'posenc eigene Dateien ñ 数据 '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a file and returns its path. */
export function ownFile(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

/** A table as CSV: every cell in quotation marks. */
export function csv(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
  return `${[header, ...rows].map(line).join('\n')}\n`;
}

/** Objects, one a line. */
export function jsonLines(rows: readonly object[]): string {
  return `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;
}

/** The tokenizer a task saved. */
export function tokenizerOf({ files }: PreparedTask): TextTokenizer {
  return loadTextTokenizer(ownFile('tokenizer.json', files?.['tokenizer.json'] as string));
}

/** A row of a batch. */
export interface ReadRow {
  readonly tokens: number[];
  readonly labels: number[];
}

function rowsOf(batch: Batch, which: 'source' | 'target'): ReadRow[] {
  const { data, length, lengths } = batch[which] as SequenceArray;
  const width = batch.labels.length / batch.size;
  return Array.from({ length: batch.size }, (_, row) => ({
    tokens: [...data.subarray(row * length, row * length + (lengths[row] as number))],
    labels: [...batch.labels.subarray(row * width, (row + 1) * width)],
  }));
}

/** Every row that training draws from, in order. */
export function trainingRows(prepared: PreparedTask, count: number, which: 'source' | 'target' = 'source'): ReadRow[] {
  let draw = 0;
  return rowsOf(
    prepared.trainingBatch(count, () => (draw++ + 0.5) / count),
    which,
  );
}

/** Every row of an evaluation set, those that only fill its last batch left out. */
export function evaluatedRows({ batches, examples }: EvaluationSet, which: 'source' | 'target' = 'source'): ReadRow[] {
  return batches.flatMap((batch) => rowsOf(batch, which)).slice(0, examples);
}

/** Source texts of a split. */
export function sourceTexts(prepared: PreparedTask, split: 'train' | 'validation' | 'test'): string[] {
  const tokenizer = tokenizerOf(prepared);
  const rows =
    split === 'train'
      ? trainingRows(prepared, prepared.sizes.train)
      : prepared.evaluation(split, 64).flatMap((set) => evaluatedRows(set));
  return rows.map(({ tokens }) => tokenizer.decode(tokens));
}

/** Numbers in [0, 1) of an equidistributed sequence: no two near ones are alike. */
export function fraction(index: number): number {
  return (index * 0.618_033_988_749_895) % 1;
}

/** So many words of a small vocabulary, decided by `index`. */
export function sentence(index: number, words: number, vocabulary: readonly string[]): string {
  return Array.from(
    { length: words },
    (_, at) => vocabulary[Math.floor(hashFraction(`word ${at} of ${index}`) * vocabulary.length)] as string,
  ).join(' ');
}

/** Nouns. */
export const NOUNS =
  'river stone apple window garden letter mountain winter bridge candle silver forest harbor island mirror paper'.split(
    ' ',
  );
