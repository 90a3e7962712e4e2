/**
 * Reads sentences in the format of CoNLL-2003 (Tjong Kim Sang and De Meulder 2003): a token a line, in the last column
 * its tag, columns separated by spaces or tabs, an empty line between sentences, `-DOCSTART-` between documents.
 * Tags of any scheme become IOB2. Knows nothing of models and scores.
 */
import { DataError } from '../data-error.ts';
import { readLines } from '../utf8-lines.ts';
import type { Reader, Refuse, Row } from './reader.ts';
import { gatherEvidence, isTag, type SchemeEvidence, schemeOf, type TagScheme, toIob2 } from './tag-schemes.ts';

interface Sentence {
  /** Of the first token. */
  readonly line: number;
  readonly lines: readonly number[];
  readonly tokens: readonly string[];
  readonly tags: readonly string[];
  /** The number of the document, from 1. */
  readonly document: number;
  readonly problem: { readonly line: number; readonly reason: string } | undefined;
}

/**
 * Rows `{ tokens, tags, text, offsets, document }`: tags in IOB2; the text is the tokens joined by spaces; `offsets` are
 * `[start, end)` of each token in it, in UTF-16 units.
 * @throws {DataError} if the first line is not a token and a tag
 */
export async function openConll(path: string, head: string): Promise<Reader> {
  const first = head.split('\n').find((line) => line.trim() !== '' && !isMark(line));
  if (first !== undefined && columnsOf(first).length < 2) {
    throw new DataError(
      `${path}: expected lines of a token and its tag such as "Lima B-LOC", got ${JSON.stringify(first.slice(0, 40))}`,
    );
  }
  return {
    columns: ['tokens', 'tags', 'text', 'offsets', 'document'],
    unit: 'line',
    withoutRows: 'no sentence',
    async *rows(refuse) {
      const scheme = await findScheme(path);
      for await (const sentence of readSentences(path)) {
        const row = rowOf(sentence, scheme, refuse);
        if (row !== undefined) yield row;
      }
    },
  };
}

/** Whether these lines are tokens with tags, as far as they go. */
export function looksLikeConll(head: string): boolean {
  const lines = head.split('\n').filter((line) => line.trim() !== '' && !isMark(line));
  const some = lines.slice(0, 200).map(columnsOf);
  return (
    some.length > 0 &&
    some.every((columns) => columns.length >= 2 && isTag(columns.at(-1) as string) && columns[0] !== '')
  );
}

function rowOf(sentence: Sentence, scheme: TagScheme, refuse: Refuse): Row | undefined {
  if (sentence.problem !== undefined) {
    refuse(sentence.problem.line, sentence.problem.reason);
    return undefined;
  }
  const result = toIob2(sentence.tags, scheme);
  if ('reason' in result) {
    refuse(sentence.lines[result.index] as number, result.reason);
    return undefined;
  }
  let end = -1;
  const offsets = sentence.tokens.map((token): readonly [number, number] => {
    const start = end + 1;
    end = start + token.length;
    return [start, end];
  });
  const { line, tokens, document } = sentence;
  return { line, cells: { tokens, tags: result.tags, text: tokens.join(' '), offsets, document } };
}

async function findScheme(path: string): Promise<TagScheme> {
  const evidence: SchemeEvidence = { insideFirst: 0, beginFirst: 0, singleOrEnd: 0 };
  for await (const { tags, problem } of readSentences(path)) {
    if (problem === undefined) gatherEvidence(tags, evidence);
  }
  return schemeOf(evidence);
}

async function* readSentences(path: string): AsyncGenerator<Sentence> {
  let lines: number[] = [];
  let tokens: string[] = [];
  let tags: string[] = [];
  let problem: Sentence['problem'];
  let document = 1;
  let columns = 0;
  const take = (): Sentence[] => {
    const sentence = { line: lines[0] ?? 0, lines, tokens, tags, document, problem };
    [lines, tokens, tags, problem] = [[], [], [], undefined];
    return sentence.lines.length === 0 ? [] : [sentence];
  };
  for await (const { line, text } of readLines(path)) {
    if (text.trim() === '') yield* take();
    else if (/^-DOCSTART-/.test(text)) {
      yield* take();
      if (columns > 0) document++;
    } else if (!isMark(text) || lines.length > 0) {
      const fields = columnsOf(text);
      const [token, tag] = [fields[0] as string, fields.at(-1) as string];
      columns ||= fields.length;
      lines.push(line);
      tokens.push(token);
      tags.push(tag);
      problem ??= problemOf(fields, columns, line);
    }
  }
  yield* take();
}

function problemOf(fields: readonly string[], columns: number, line: number): Sentence['problem'] {
  const [token, tag] = [fields[0] as string, fields.at(-1) as string];
  if (token === '') return { line, reason: 'expected a token, got an empty column' };
  if (fields.length !== columns) {
    return { line, reason: `expected ${columns} columns as on the first line, got ${fields.length}` };
  }
  return isTag(tag) ? undefined : { line, reason: `expected a tag such as O or B-LOC, got ${JSON.stringify(tag)}` };
}

/** A line before a sentence that is none of its tokens: the beginning of a document, or a comment `# id …`. */
function isMark(line: string): boolean {
  return line.startsWith('-DOCSTART-') || (line.startsWith('# ') && !isTag(columnsOf(line).at(-1) as string));
}

function columnsOf(line: string): string[] {
  return line.includes('\t') ? line.split('\t').map((field) => field.trim()) : line.trim().split(/ +/);
}
