/**
 * Questions about texts, and the overlapping windows of tokens in which long texts are read. Knows no tokenizer of its
 * own, no data and no model.
 */
import type { EncodedText, TextTokenizer } from '../../data/text-tokenizer.ts';

/** A stretch of a context, in UTF-16 code units; `end` is not part of it. */
export interface AnswerPlace {
  readonly start: number;
  readonly end: number;
}

/** A question about a text, and where its answers stand: the first is trained on, all are accepted. */
export interface AskedText {
  /** The same in every run; distinguishes examples. */
  readonly id: string;
  readonly question: string;
  readonly context: string;
  readonly answers: readonly [AnswerPlace, ...AnswerPlace[]];
}

/** A question with a stretch of its context: the tokens `begin question separator context`. */
export interface AnswerWindow {
  readonly ids: Int32Array;
  /** Where its context starts among its tokens, and which token of the whole context stands there. */
  readonly contextFrom: number;
  readonly firstToken: number;
  /** First and last position of the answer; both 0 where it is not here. */
  readonly answer: readonly [number, number];
}

/** Tokens beside the question and the context. */
export const FRAME = 2;

/** The first and the last token that stand, at least in part, in a stretch of the text. */
export function answerTokens({ starts, ends }: EncodedText, { start, end }: AnswerPlace): [number, number] {
  let first = 0;
  while (first < ends.length - 1 && (ends[first] as number) <= start) first += 1;
  let last = first;
  while (last < starts.length - 1 && (starts[last + 1] as number) < end) last += 1;
  return [first, last];
}

/** Windows of `room` context tokens, each starting half a window after the one before; the last ends with the text. */
export function answerWindows(
  question: EncodedText,
  context: EncodedText,
  room: number,
  [first, last]: readonly [number, number],
  { begin, separator }: TextTokenizer,
): [AnswerWindow, ...AnswerWindow[]] {
  const stride = Math.max(1, Math.floor(room / 2));
  const contextFrom = question.ids.length + FRAME;
  const windowAt = (firstToken: number): AnswerWindow => {
    const end = Math.min(firstToken + room, context.ids.length);
    const inside = first >= firstToken && last < end;
    return {
      ids: Int32Array.from([begin, ...question.ids, separator, ...context.ids.subarray(firstToken, end)]),
      contextFrom,
      firstToken,
      answer: inside ? [first - firstToken + contextFrom, last - firstToken + contextFrom] : [0, 0],
    };
  };
  const windows: [AnswerWindow, ...AnswerWindow[]] = [windowAt(0)];
  for (let at = 0; at + room < context.ids.length; ) {
    at = Math.min(at + stride, context.ids.length - room);
    windows.push(windowAt(at));
  }
  return windows;
}

/** The text of a stretch of the context, without space around it. */
export function textAt({ context }: AskedText, { start, end }: AnswerPlace): string {
  return context.slice(start, end).trim();
}
