/** Test examples in a few lines of plain text, for terminals and Markdown. Knows neither. */
import { formatNumber } from './format.ts';
import { clip, visible } from './markup.ts';
import { absoluteError, groupedAnswers } from './samples.ts';
import type { ComparedSample } from './summary.ts';

/** An example: what it is, and a line per answer. */
export interface SampleLines {
  readonly title: string;
  /** A name, and a text that came from data or a model; `sign` is ✓ or ✗ where an answer is right or wrong. */
  readonly lines: readonly { readonly name: string; readonly sign: string; readonly text: string }[];
}

/** Texts of at most `limit` characters on one line each; what is left out is said. */
export function sampleLines(sample: ComparedSample, lengthUnit: string, limit: number): SampleLines {
  const short = (text: string): string => oneLine(text, limit);
  const line = (name: string, text: string, right?: boolean) => ({
    name,
    sign: right === undefined ? '' : right ? '✓' : '✗',
    text: short(text),
  });
  const title = `${sample.bucket} ${lengthUnit}, ${oneLine(sample.id, 60)}`;
  switch (sample.kind) {
    case 'text':
      return {
        title,
        lines: [
          line('source', sample.source),
          line('expected', sample.expected),
          ...groupedAnswers(sample.answers).map(({ titles, first }) => line(titles, first.answer, first.right)),
        ],
      };
    case 'spans': {
      const told = (spans: (typeof sample)['expected']): string =>
        spans
          .map(({ start, end, label }) => `“${sample.text.slice(start, end)}”${label === '' ? '' : ` ${label}`}`)
          .join(', ') || 'nothing';
      return {
        title,
        lines: [
          ...(sample.question === undefined ? [] : [line('question', sample.question)]),
          line('text', sample.text),
          line('expected', told(sample.expected)),
          ...groupedAnswers(sample.answers).map(({ titles, first }) => line(titles, told(first.answer), first.right)),
        ],
      };
    }
    case 'series': {
      const numbers = (values: readonly number[]): string => values.map(formatNumber).join(', ');
      return {
        title: `${title}, ${oneLine(sample.title, 60)}`,
        lines: [
          line('known', `… ${numbers(sample.past.values.slice(-4))}`),
          line('came', numbers(sample.future.values)),
          ...sample.answers.map(({ title: name, forecast }) =>
            line(
              name,
              `mean absolute error ${formatNumber(absoluteError(forecast, sample.future.values))}: ${numbers(forecast)}`,
            ),
          ),
        ],
      };
    }
    case 'picture':
      return {
        title,
        lines: [
          line('expected', sample.expected),
          ...groupedAnswers(sample.answers).map(({ titles, first }) => line(titles, first.answer, first.right)),
        ],
      };
  }
}

/** On one line, without what would move a cursor or turn the direction of what follows. */
function oneLine(text: string, limit: number): string {
  const { text: start, left } = clip(text, limit);
  const plain = visible(start.replaceAll(/\s+/g, ' ')).replaceAll(/[\u202A-\u202E\u2066-\u2069]/g, '\uFFFD');
  return left === 0 ? plain : `${plain}… (${left} more)`;
}
