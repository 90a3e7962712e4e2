/**
 * Where the answers of a cell stand in their context: texts, `{text, start}` in UTF-16 units as the reader of SQuAD has
 * them, or `{text: […], answer_start: […]}` in code points as data sets of Hugging Face have them. Knows no tokens.
 */
import type { AskedText } from './asked-text.ts';

/** An answer and where it begins in UTF-16 code units; −1 where that must be found. */
interface PlacedAnswer {
  readonly text: string;
  readonly start: number;
}

/** Where the answers stand in the context, the first first, or in words why they do not. */
export function placesOf(cell: unknown, context: string): AskedText['answers'] | string {
  const answers = answersOf(cell, context);
  if (typeof answers === 'string') return answers;
  const places = [];
  for (const { text, start } of answers) {
    if (text === '') return 'answers: expected a text of the context, got an empty one';
    const at = start >= 0 ? start : context.indexOf(text);
    if (at < 0 || context.slice(at, at + text.length) !== text) {
      const where = start >= 0 ? ` at ${start}` : '';
      return `answers: expected a text that stands in the context, got ${JSON.stringify(text.slice(0, 40))}${where}`;
    }
    places.push({ start: at, end: at + text.length });
  }
  const [first, ...rest] = places;
  return first === undefined ? 'answers: the question has none; this task points at answers only' : [first, ...rest];
}

function answersOf(cell: unknown, context: string): readonly PlacedAnswer[] | string {
  if (hasLists(cell)) {
    if (cell.text.length !== cell.answer_start.length) {
      return `answers: expected as many places as texts, got ${cell.answer_start.length} for ${cell.text.length}`;
    }
    return cell.text.map((text, index) => ({
      text: String(text),
      start: unitOf(context, cell.answer_start[index] as number),
    }));
  }
  const list: unknown[] = Array.isArray(cell) ? cell : [cell];
  const wrong = list.find((one) => typeof one === 'object' && one !== null && !('text' in one));
  if (wrong !== undefined) return `answers: expected a text, got ${JSON.stringify(wrong).slice(0, 40)}`;
  return list.map((one): PlacedAnswer => {
    if (typeof one !== 'object' || one === null) return { text: String(one ?? '').trim(), start: -1 };
    const { text, start, answer_start: point } = one as Readonly<Record<string, unknown>>;
    if (typeof start === 'number') return { text: String(text), start };
    return { text: String(text), start: typeof point === 'number' ? unitOf(context, point) : -1 };
  });
}

/** Answers as Parquet of Hugging Face's SQuAD has them. */
function hasLists(cell: unknown): cell is { readonly text: unknown[]; readonly answer_start: unknown[] } {
  if (typeof cell !== 'object' || cell === null || !('text' in cell) || !('answer_start' in cell)) return false;
  return Array.isArray(cell.text) && Array.isArray(cell.answer_start);
}

/** A place in code points, as Python counts, in UTF-16 code units; beyond the context if it is no place of it. */
function unitOf(context: string, point: number): number {
  if (!Number.isInteger(point) || point < 0) return context.length + 1;
  if (!/[\uD800-\uDBFF]/.test(context)) return point;
  return [...context].slice(0, point).join('').length;
}
