/** Test examples side by side, as HTML: texts and marked texts here, drawings in sample-charts.ts. */
import { formatScore } from './format.ts';
import { characterStart, clip, escapeHtml, folded } from './markup.ts';
import { drawPicture, drawSeries } from './sample-charts.ts';
import { groupedAnswers } from './samples.ts';
import type { ComparedSample, Metric, Summary } from './summary.ts';
import { wordDifference } from './word-difference.ts';

/** Examples that are not folded, and those that are shown at all. */
const OPEN = 6;
const MOST = 24;
/** Characters of a text that are shown. */
const SOURCE_LIMIT = 600;
const ANSWER_LIMIT = 400;
/** Around marks of long texts. */
const CONTEXT = 70;
const MARKED_LIMIT = 900;
/** Shorter ones are shown whole. */
const SHORT = 360;

type Of<Kind extends ComparedSample['kind']> = Extract<ComparedSample, { kind: Kind }>;
type Span = Of<'spans'>['expected'][number];

/** The section, or nothing where records keep no samples. */
export function sampleSection(summary: Summary): string {
  const { samples } = summary;
  if (samples.length === 0) return '';
  const articles = samples.slice(0, MOST).map((sample, index) => article(sample, index, summary));
  const rest = articles.slice(OPEN);
  const more =
    samples.length > MOST
      ? `<p class="note">${samples.length - MOST} more are kept in the records and in the JSON report.</p>`
      : '';
  return `<section class="long"><h2>Examples side by side</h2>
<p class="note">Of the test split, chosen by the data alone; the same for all. Answers of each encoding's first seed, those examples first on which encodings differ most, so this is no fair sample of how often they do. ${escapeHtml(legend(samples))}</p>
${articles.slice(0, OPEN).join('\n')}
${rest.length === 0 ? '' : folded(`${rest.length} more ${rest.length === 1 ? 'example' : 'examples'}`, rest.join('\n'))}${more}</section>`;
}

function legend(samples: readonly ComparedSample[]): string {
  const kinds = new Set(samples.map(({ kind }) => kind));
  return [
    kinds.has('text')
      ? 'In answers, words that were not expected are underlined with waves; expected words that are missing are struck through.'
      : '',
    kinds.has('spans') ? 'A mark is right (✓) when its first and last character and its label are as expected.' : '',
  ]
    .filter((text) => text !== '')
    .join(' ');
}

function article(sample: ComparedSample, index: number, summary: Summary): string {
  const bucket = summary.task.buckets.find(({ label }) => label === sample.bucket);
  const where = bucket === undefined ? '' : bucket.trained ? ' (as trained)' : ' (not trained on)';
  const missing = summary.encodings.filter(({ encoding }) => sample.answers.every((one) => one.encoding !== encoding));
  const gap =
    missing.length === 0
      ? ''
      : `<p class="note">No answer kept of ${escapeHtml(missing.map(({ title }) => title).join(', '))}.</p>`;
  return `<article class="example"><h3>${index + 1}. ${escapeHtml(`${sample.bucket} ${summary.task.lengthUnit}${where}`)} <small dir="auto">${escapeHtml(clip(sample.id, 60).text)}</small></h3>
${body(sample, summary)}${gap}</article>`;
}

function body(sample: ComparedSample, { task, encodings }: Summary): string {
  const index = (encoding: string): number => encodings.findIndex((one) => one.encoding === encoding);
  switch (sample.kind) {
    case 'text':
      return textBody(sample, task.metrics);
    case 'spans':
      return spansBody(sample);
    case 'series':
      return drawSeries(sample, index);
    case 'picture':
      return `${drawPicture(sample)}${rows([
        row('expected', textHtml(sample.expected, ANSWER_LIMIT)),
        ...groupedAnswers(sample.answers).map(({ titles, first }) =>
          row(titles, `${verdict(first.right)}${textHtml(first.answer, ANSWER_LIMIT)}`, first.right),
        ),
      ])}`;
  }
}

function textBody({ source, expected, answers }: Of<'text'>, metrics: readonly Metric[]): string {
  return rows([
    row('source', textHtml(source, SOURCE_LIMIT)),
    row('expected', textHtml(expected, ANSWER_LIMIT)),
    ...groupedAnswers(answers).map(({ titles, first: { answer, right, score } }) => {
      const metric = metrics.find(({ name }) => name === score?.metric);
      const points =
        score === undefined
          ? ''
          : ` <span class="score">${escapeHtml(metric?.title ?? score.metric)} ${formatScore(score.value, metric ?? { format: 'number' })}</span>`;
      return row(titles, `${verdict(right)}${answerHtml(expected, answer)}${points}`, right);
    }),
  ]);
}

function spansBody({ question, text, expected, answers }: Of<'spans'>): string {
  const isExpected = (span: Span): boolean => expected.some((other) => sameSpan(span, other));
  return rows([
    ...(question === undefined ? [] : [row('question', textHtml(question, SOURCE_LIMIT))]),
    row('expected', markedText(text, expected)),
    ...groupedAnswers(answers).map(({ titles, first: { answer, right } }) => {
      const missed = expected.filter((span) => !answer.some((other) => sameSpan(span, other)));
      const also =
        missed.length === 0 || right
          ? ''
          : `<div class="missed">missed: ${missed.map((span) => `<bdi>${escapeHtml(clip(text.slice(span.start, span.end), 60).text)}</bdi>${labelHtml(span.label)}`).join(', ')}</div>`;
      return row(titles, `${verdict(right)}${markedText(text, answer, isExpected)}${also}`, right);
    }),
  ]);
}

function rows(list: readonly string[]): string {
  return `<dl class="answers">${list.join('')}</dl>`;
}

function row(name: string, html: string, right?: boolean): string {
  const kind = right === undefined ? '' : ` class="${right ? 'right' : 'wrong'}"`;
  return `<div${kind}><dt>${escapeHtml(name)}</dt><dd dir="auto">${html}</dd></div>`;
}

/** A sign and a word, so that nothing hangs on colour. */
function verdict(right: boolean | undefined): string {
  if (right === undefined) return '';
  return right ? '<span class="verdict" dir="ltr">✓ right</span> ' : '<span class="verdict" dir="ltr">✗ wrong</span> ';
}

function textHtml(text: string, limit: number): string {
  if (text === '') return '<em>nothing</em>';
  const { text: shown, left } = clip(text, limit);
  return `<span class="text">${escapeHtml(shown)}</span>${leftOut(left)}`;
}

function leftOut(count: number): string {
  return count === 0
    ? ''
    : `… <span class="note" dir="ltr">(${count.toLocaleString('en-US')} more ${count === 1 ? 'character' : 'characters'})</span>`;
}

/** The answer with what it has more and less than expected, where they have words in common. */
function answerHtml(expected: string, answer: string): string {
  const pieces = answer === expected ? undefined : wordDifference(expected, answer);
  if (pieces === undefined) return textHtml(answer, ANSWER_LIMIT);
  let room = ANSWER_LIMIT;
  let left = 0;
  const html = pieces.map(({ kind, text }) => {
    const shown = clip(text, room);
    room -= shown.text.length;
    left += shown.left;
    if (shown.text === '') return '';
    const [, words = '', space = ''] = /^(.*?)(\s*)$/s.exec(shown.text) ?? [];
    const tag = { same: '', extra: 'ins', missing: 'del' }[kind];
    const inner = escapeHtml(words);
    return `${tag === '' ? inner : `<${tag}>${inner}</${tag}>`}${escapeHtml(space)}`;
  });
  return `<span class="text">${html.join('')}</span>${leftOut(left)}`;
}

/**
 * The text with its spans marked; of a long one, only what stands around them.
 *
 * @param isExpected - whether a mark is right; without it marks carry no sign
 */
function markedText(text: string, spans: readonly Span[], isExpected?: (span: Span) => boolean): string {
  if (spans.length === 0 && isExpected !== undefined) return '<em>nothing marked</em>';
  const sorted = spans.toSorted((a, b) => a.start - b.start || a.end - b.end);
  const windows = windowsOf(text, sorted);
  const inWindow = (span: Span): boolean => windows.some(({ from, to }) => span.start >= from && span.end <= to);
  const placed: Span[] = [];
  const apart: Span[] = [];
  for (const span of sorted) {
    (inWindow(span) && span.start >= (placed.at(-1)?.end ?? 0) ? placed : apart).push(span);
  }
  const mark = (span: Span): string => {
    const right = isExpected?.(span);
    const [kind, sign] = right === undefined ? ['', ''] : right ? [' class="right"', '✓'] : [' class="wrong"', '✗'];
    return `<mark${kind}>${escapeHtml(text.slice(span.start, span.end))}${labelHtml([sign, span.label].filter((part) => part !== '').join(' '))}</mark>`;
  };
  const html = windows.map(({ from, to }) => {
    let at = from;
    const pieces = placed
      .filter((span) => span.start >= from && span.end <= to)
      .map((span) => {
        const before = escapeHtml(text.slice(at, span.start));
        at = span.end;
        return `${before}${mark(span)}`;
      });
    return `${pieces.join('')}${escapeHtml(text.slice(at, to))}`;
  });
  const shown = windows.reduce((sum, { from, to }) => sum + to - from, 0);
  const [first, last] = [windows[0]?.from ?? 0, windows.at(-1)?.to ?? 0];
  const said =
    shown < text.length
      ? ` <span class="note" dir="ltr">(${(text.length - shown).toLocaleString('en-US')} of ${text.length.toLocaleString('en-US')} characters left out)</span>`
      : '';
  const nothing = spans.length === 0 ? '<em>nothing marked</em> ' : '';
  const also = apart.length === 0 ? '' : `<div class="missed">also: ${clippedMarks(apart, mark)}</div>`;
  return `${nothing}<span class="text">${first > 0 ? '… ' : ''}${html.join(' … ')}${last < text.length ? ' …' : ''}</span>${said}${also}`;
}

/** Marks that overlap others or do not fit: a few of them. */
function clippedMarks(spans: readonly Span[], mark: (span: Span) => string): string {
  const shown = spans.slice(0, 8).map(mark).join(', ');
  return spans.length > 8 ? `${shown} and ${spans.length - 8} more` : shown;
}

/** Stretches that are shown: everything, or what stands around the marks until there is enough. */
function windowsOf(text: string, spans: readonly Span[]): readonly { readonly from: number; readonly to: number }[] {
  if (text.length <= SHORT) return [{ from: 0, to: text.length }];
  if (spans.length === 0) return [{ from: 0, to: characterStart(text, 2 * CONTEXT) }];
  const windows: { from: number; to: number }[] = [];
  let shown = 0;
  for (const { start, end } of spans) {
    const from = wordStart(text, start - CONTEXT);
    const to = wordStart(text, Math.min(end, start + MARKED_LIMIT) + CONTEXT);
    const last = windows.at(-1);
    const more = last !== undefined && from <= last.to ? Math.max(0, to - last.to) : to - from;
    if (shown > 0 && shown + more > MARKED_LIMIT) break;
    shown += more;
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to);
    else windows.push({ from, to });
  }
  return windows;
}

/** The beginning of a word near `index`, or of a character where there is no space near. */
function wordStart(text: string, index: number): number {
  if (index <= 0 || index >= text.length) return Math.min(Math.max(index, 0), text.length);
  const space = text.lastIndexOf(' ', index);
  return index - space < 20 && space >= 0 ? space + 1 : characterStart(text, index);
}

function labelHtml(label: string): string {
  return label === '' ? '' : `<small class="label" dir="ltr">${escapeHtml(label)}</small>`;
}

function sameSpan(a: Span, b: Span): boolean {
  return a.start === b.start && a.end === b.end && a.label === b.label;
}
