/** Tokens that are looked for in a text before it is cut. Knows no model. */
import type { AddedToken } from './definition.ts';

/** A stretch of a text: an added token, or what lies between two of them. */
export interface Section {
  readonly start: number;
  readonly end: number;
  readonly token?: AddedToken;
}

/** Finds the longest of `tokens` from the left; `contentOf` is how each is written in this text. */
export function sectionFinder(
  tokens: readonly AddedToken[],
  contentOf: (token: AddedToken) => string,
): (text: string) => Section[] {
  const written = tokens.map((token) => ({ token, content: contentOf(token) })).filter(({ content }) => content !== '');
  if (written.length === 0) return (text) => (text === '' ? [] : [{ start: 0, end: text.length }]);
  written.sort((a, b) => b.content.length - a.content.length);
  const pattern = new RegExp(written.map(({ token, content }) => `(${patternOf(token, content)})`).join('|'), 'gu');
  return (text) => {
    const sections: Section[] = [];
    let at = 0;
    for (const match of text.matchAll(pattern)) {
      if (match.index > at) sections.push({ start: at, end: match.index });
      at = match.index + match[0].length;
      const which = match.slice(1).findIndex((group) => group !== undefined);
      sections.push({ start: match.index, end: at, token: (written[which] as (typeof written)[number]).token });
    }
    if (at < text.length) sections.push({ start: at, end: text.length });
    return sections;
  };
}

function patternOf({ single_word, lstrip, rstrip }: AddedToken, content: string): string {
  const escaped = content.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const word = String.raw`[\p{L}\p{M}\p{N}_]`;
  const whole = single_word ? `(?<!${word})${escaped}(?!${word})` : escaped;
  return `${lstrip ? String.raw`\s*` : ''}${whole}${rstrip ? String.raw`\s*` : ''}`;
}
