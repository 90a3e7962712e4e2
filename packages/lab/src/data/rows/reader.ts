/** What the reader of each format of rows provides. Knows no particular format. */

/** One row of a person's file. */
export interface Row {
  /**
   * Where it begins: the line of the file, from 1. Of Parquet the row, of SQuAD the question, of a folder the file:
   * see `Refusals.unit`.
   */
  readonly line: number;
  /** By column. Cells of text formats are strings; JSON and Parquet keep their types. A cell may be missing. */
  readonly cells: Readonly<Record<string, unknown>>;
}

/** Leaves out a row with a reason. */
export type Refuse = (line: number, reason: string) => void;

/** A file found to be of some format. */
export interface Reader {
  /** The names of its columns, in order; of JSON lines, those of the rows at the beginning. */
  readonly columns: readonly string[];
  /** The rows that can be used, once; others are given to `refuse`. */
  readonly rows: (refuse: Refuse) => AsyncGenerator<Row>;
  /** What `Row.line` counts. */
  readonly unit: 'line' | 'row' | 'question' | 'file';
  /** What a file without any row has instead, in words. */
  readonly withoutRows: string;
}
