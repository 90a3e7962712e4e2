/**
 * Reads questions in the format of SQuAD 1.1 (Rajpurkar et al. 2016) and 2.0 (Rajpurkar, Jia and Liang 2018):
 * `data[].paragraphs[].qas[]`. Knows nothing of tokens or scores.
 */
import { DataError } from '../data-error.ts';
import { readText } from '../utf8-lines.ts';
import type { Reader, Row } from './reader.ts';

/** An answer within the context: `start` in UTF-16 units, as JavaScript's strings count; SQuAD counts code points. */
export interface SquadAnswer {
  readonly text: string;
  readonly start: number;
}

const COLUMNS = ['id', 'title', 'question', 'context', 'answers', 'impossible'] as const;

interface Question {
  readonly title: unknown;
  readonly context: unknown;
  readonly question: Readonly<Record<string, unknown>>;
}

/**
 * Rows `{ id, title, question, context, answers: SquadAnswer[], impossible }`; a question that SQuAD 2.0 marks as
 * impossible has no answers.
 * @throws {DataError} if the file is larger than 511 MiB, no JSON, or has not this shape
 */
export async function openSquad(path: string): Promise<Reader> {
  const questions = questionsOf(path, parse(path, await readText(path)));
  return {
    columns: COLUMNS,
    unit: 'question',
    withoutRows: 'no question',
    async *rows(refuse) {
      for (const [index, question] of questions.entries()) {
        const cells = cellsOf(question);
        if (typeof cells === 'string') refuse(index + 1, `${nameOf(question)}${cells}`);
        else yield { line: index + 1, cells };
      }
    },
  };
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DataError(`${path}: not valid JSON: ${(error as Error).message}`, { cause: error });
  }
}

function questionsOf(path: string, file: unknown): readonly Question[] {
  const articles = listOf(file, 'data');
  if (articles === undefined) {
    const keys = isObject(file) ? Object.keys(file).slice(0, 10).join(', ') : '';
    throw new DataError(
      `${path}: expected questions as in SQuAD (data[].paragraphs[].qas[]) or a list of rows, got ` +
        (keys === '' ? 'neither' : `an object with ${keys}`),
    );
  }
  return articles.flatMap((article, number) => {
    const where = `${path}: data[${number}]`;
    const paragraphs = listOf(article, 'paragraphs');
    if (paragraphs === undefined) throw new DataError(`${where}: not SQuAD: expected a list of paragraphs`);
    return paragraphs.flatMap((paragraph, index) => {
      const questions = listOf(paragraph, 'qas');
      if (questions === undefined || !questions.every(isObject)) {
        throw new DataError(`${where}.paragraphs[${index}]: not SQuAD: expected a list of questions, qas`);
      }
      const [{ title }, { context }] = [article, paragraph] as Record<string, unknown>[] as [
        Record<string, unknown>,
        Record<string, unknown>,
      ];
      return questions.map((question) => ({ title: title ?? '', context, question }));
    });
  });
}

function cellsOf({ title, context, question }: Question): Row['cells'] | string {
  const text = question.question;
  if (typeof text !== 'string' || text.trim() === '') return 'expected a question, got none';
  if (typeof context !== 'string' || context.trim() === '') return 'expected a context, got none';
  const impossible = question.is_impossible === true;
  const found = impossible ? [] : listOf(question, 'answers');
  if (found === undefined || (found.length === 0 && !impossible)) {
    return 'expected answers, or is_impossible: true, got neither';
  }
  const answers: SquadAnswer[] = [];
  const unitOf = unitsOf(context);
  for (const answer of found) {
    const { text: said, answer_start: at } = (isObject(answer) ? answer : {}) as Record<string, unknown>;
    if (typeof said !== 'string' || said === '' || typeof at !== 'number' || !Number.isInteger(at) || at < 0) {
      return 'expected an answer with text and answer_start, got another';
    }
    const start = unitOf(at);
    if (!context.startsWith(said, start) || start > context.length) {
      const there = JSON.stringify(context.slice(start, start + said.length));
      return `the context has ${there} at character ${at}, not the answer ${JSON.stringify(said)}`;
    }
    answers.push({ text: said, start });
  }
  return { id: question.id ?? '', title, question: text, context, answers, impossible };
}

/** Turns an offset in code points, as Python counts, into UTF-16 units. */
function unitsOf(context: string): (offset: number) => number {
  if (!/[\uD800-\uDBFF]/.test(context)) return (offset) => offset;
  const starts: number[] = [];
  let unit = 0;
  for (const sign of context) {
    starts.push(unit);
    unit += sign.length;
  }
  return (offset) => starts[offset] ?? unit + offset - starts.length;
}

function nameOf({ question }: Question): string {
  return question.id === undefined ? '' : `(id ${String(question.id)}) `;
}

function listOf(value: unknown, key: string): readonly unknown[] | undefined {
  const list = isObject(value) ? value[key] : undefined;
  return Array.isArray(list) ? list : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
