/** The small parts that HTML reports are made of, as text. Knows no records. */
import { lineSample } from './charts.ts';
import type { Summary } from './summary.ts';
import type { Table } from './tables.ts';

/** Text that HTML shows as it is: markup escaped, control characters as their pictures (U+2400 …). */
export function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return visible(text).replaceAll(/[&<>"']/g, (character) => entities[character] as string);
}

/** Control characters but line breaks and tabs as what stands for them; halves of characters as U+FFFD. */
export function visible(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    .replaceAll(/(?![\n\t])\p{Cc}/gu, (character) => {
      const code = character.codePointAt(0) as number;
      return code < 0x20 ? String.fromCodePoint(0x2400 + code) : code === 0x7f ? '␡' : '\uFFFD';
    });
}

/** A text of at most `limit` UTF-16 code units, never cutting a character that people see as one; and how many are left out. */
export function clip(text: string, limit: number): { readonly text: string; readonly left: number } {
  if (text.length <= limit) return { text, left: 0 };
  const cut = characterStart(text, limit);
  return { text: text.slice(0, cut), left: text.length - cut };
}

/** Where the character that people see as one and that holds `index` begins. */
export function characterStart(text: string, index: number): number {
  if (index <= 0 || index >= text.length) return Math.min(Math.max(index, 0), text.length);
  // Far longer than any character, and short, so that long texts are cut fast.
  const from = Math.max(0, index - 64);
  const near = new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text.slice(from, index + 64));
  return from + (near.containing(index - from)?.index ?? index - from);
}

/** A drawing with what it shows. */
export function figure(svg: string, caption: string): string {
  return `<figure>${svg}<figcaption>${escapeHtml(caption)}</figcaption></figure>`;
}

export function list(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li dir="auto">${escapeHtml(item)}</li>`).join('')}</ul>`;
}

/** With a summary, each encoding's row starts with a sample of its line. */
export function table({ header, rows }: Table, summary?: Pick<Summary, 'encodings'>): string {
  const sample = (index: number): string =>
    summary !== undefined && index < summary.encodings.length ? `${lineSample(index)} ` : '';
  const cell = (text: string, best: boolean | undefined): string =>
    `<td>${best ? `<strong>${escapeHtml(text)}</strong>` : escapeHtml(text)}</td>`;
  return `<div class="scroll"><table><thead><tr>${header.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join('')}</tr></thead><tbody>${rows
    .map(
      ([first, ...rest], index) =>
        `<tr><th scope="row">${sample(index)}${escapeHtml(first?.text ?? '')}</th>${rest.map(({ text, best }) => cell(text, best)).join('')}</tr>`,
    )
    .join('')}</tbody></table></div>`;
}

/** Folded on screens, open on paper. */
export function folded(summary: string, content: string): string {
  return `<details><summary>${escapeHtml(summary)}</summary>${content}</details>`;
}

export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
