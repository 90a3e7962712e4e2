/** The tokenizer of NIST's `mteval-v13a`, by which BLEU is published since WMT. Knows no metric. */
import { splitWords } from './ngrams.ts';

/** What SGML escapes, in the order in which it is undone: `&amp;lt;` becomes `<`. */
const ENTITIES = [
  ['&quot;', '"'],
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
] as const;

/** In this order; each sees what the ones before it wrote. */
const RULES: readonly (readonly [RegExp, string])[] = [
  // ASCII punctuation and symbols stand alone, but for ' , - and .
  [/([{-~[-` -&(-+:-@/])/gu, ' $1 '],
  // A full stop or comma is cut off unless a digit comes before it …
  [/([^0-9])([.,])/gu, '$1 $2 '],
  // … or after it.
  [/([.,])([^0-9])/gu, ' $1 $2'],
  // A hyphen is cut off after a digit.
  [/([0-9])(-)/gu, '$1 $2 '],
];

/**
 * The tokens of a line as sacreBLEU 2 makes them with `tokenize='13a'` (Post 2018, "A call for clarity in reporting
 * BLEU scores"). Made for Western languages: text without spaces between words stays whole.
 */
export function tokenize13a(line: string): string[] {
  let text = line.replaceAll('<skipped>', '').replaceAll('-\n', '').replaceAll('\n', ' ');
  for (const [entity, character] of ENTITIES) text = text.replaceAll(entity, character);
  text = ` ${text} `;
  for (const [pattern, replacement] of RULES) text = text.replace(pattern, replacement);
  return splitWords(text);
}
