/** The report as one HTML file that opens from disk: no scripts, nothing fetched, legible in print. */
import type { Encoding } from 'posenc';
import type { PatternShape } from 'posenc/analysis';
import { createEncoding, type EncodingSpecification, findEncoding } from 'posenc/registry';
import type { RunRecord } from '../record/record.ts';
import { type Along, alongAxes, alongBuckets, alongTable, lengthMetrics } from './along.ts';
import { attentionSection } from './attention-charts.ts';
import { alongChart, lengthChart, lossChart, validationChart } from './charts.ts';
import { dataSection } from './data-section.ts';
import { capital, escapeHtml, figure, list, table } from './markup.ts';
import { drawEncoding, pictureShape } from './pictures.ts';
import { roomNote, roomTable } from './room.ts';
import { sampleSection } from './sample-section.ts';
import { STYLE } from './style.ts';
import { summarize } from './summarize.ts';
import type { EncodingSummary, Metric, Summary } from './summary.ts';
import { costTable, intervalNote, orderTable, scoreTable, settingsTable } from './tables.ts';

/** @throws {RecordError} when the records do not belong together */
export function renderHtml(records: readonly RunRecord[]): string {
  const summary = summarize(records);
  const { task } = summary;
  const [metric, ...others] = lengthMetrics(task.metrics) as [Metric, ...Metric[]];
  const title = `${task.title}: positional encodings compared`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p class="lead">The same model, data, settings and seeds; only the positional encoding differs.</p>
<section><h2>What this shows</h2>${list(summary.findings)}</section>
<section><h2>${escapeHtml(capital(metric.title))} against length</h2>
${lengthFigure(summary, metric, 'Mean over seeds with 95 % bands. The shaded range was trained on.')}
${table(scoreTable(summary, metric), summary)}
<p class="note">${escapeHtml(intervalNote(summary))} Bold: best mean of its column.</p></section>
${roomSection(summary)}
${others
  .map(
    (other) => `<section><h2>${escapeHtml(capital(other.title))}</h2>
${lengthFigure(summary, other)}
${table(scoreTable(summary, other), summary)}</section>`,
  )
  .join('\n')}
${alongAxes(task.metrics)
  .map((along) => alongSection(summary, along))
  .join('\n')}
${sampleSection(summary)}
${attentionSection(summary)}
<section><h2>Learning</h2>
<div class="pair">${figure(lossChart(summary), 'Training loss, mean over seeds.')}${figure(validationChart(summary), `Validation ${metric.title}, mean over seeds.`)}</div></section>
${orderSection(summary)}
<section><h2>Costs</h2>${table(costTable(summary), summary)}
<p class="note">Tables: float32 bytes of what the encoding adds at the longest input. Times are medians on this machine while other runs were going on; compare rows, not absolute values.</p></section>
${pictures(summary)}
${dataSection(summary)}
<section><h2>Settings</h2>${table(settingsTable(summary))}
<h3>Command</h3><pre><code>${escapeHtml(summary.command)}</code></pre></section>
</main>
</body>
</html>
`;
}

/** The chart for wide screens and paper, and one for phones; a style sheet shows the one that fits. */
function lengthFigure(summary: Summary, metric: Metric, more = ''): string {
  const better = `${metric.better === 'lower' ? 'Lower' : 'Higher'} is better.`;
  const caption = `${more}${more === '' ? '' : ' '}${better}`;
  const baselines = summary.task.baselines.length === 0 ? '' : ' Baselines are dashed and black.';
  return `<div class="wide">${figure(lengthChart(summary, metric), caption)}</div><div class="narrow">${figure(lengthChart(summary, metric, 'narrow'), `${caption} The table names the lines.${baselines}`)}</div>`;
}

/** What there is to gain from order, against baselines. */
function roomSection({ room, task }: Summary): string {
  const rows = room && roomTable(room, task);
  if (room === undefined || rows === undefined) return '';
  return `<section><h2>How much room order has</h2>${table(rows)}
<p class="note">${escapeHtml(roomNote(room, task))}</p></section>`;
}

/** One score along another axis than the length. */
function alongSection(summary: Summary, along: Along): string {
  const { better } = along.score;
  const figures = alongBuckets(summary.task.buckets).map((bucket) =>
    figure(
      alongChart(summary.encodings, along, bucket),
      `${bucket.label} ${summary.task.lengthUnit}${bucket.trained ? ', as trained' : ', not trained on'}. ${better === 'lower' ? 'Lower' : 'Higher'} is better.`,
    ),
  );
  return `<section><h2>${escapeHtml(capital(along.title))}</h2>
<div class="pair">${figures.join('')}</div>
${table(alongTable(summary, along), summary)}</section>`;
}

/** The exact test of order, where the model has an encoder. */
function orderSection(summary: Summary): string {
  const order = orderTable(summary);
  if (order === undefined) return '';
  return `<section><h2>Can an encoder see order at all?</h2>${table(order, summary)}
<p class="note">An untrained encoder with each encoding reads a sentence, then the same words permuted (the largest of five permutations) and reversed: how far its answer moves, relative to its size. 0 means that no training can make it see the difference.</p></section>`;
}

/** The encodings' own pictures: what each does with positions, before any training. */
function pictures({ encodings, model }: Summary): string {
  const figures = encodings.flatMap(({ title, options }) =>
    options.flatMap((specification) => {
      const { svg, caption } = drawEncoding(remake(specification, model), sizesOf(model));
      return [`<div><h3>${escapeHtml(title)}</h3>${figure(svg, caption)}</div>`];
    }),
  );
  if (figures.length === 0) return '';
  return `<section><h2>What the encodings do</h2><p class="note">Before any training, as in the encoder where there is one. Learned numbers are drawn as they start.</p><div class="pair">${figures.join('')}</div></section>`;
}

/** The encoding of a record, from its options with all defaults filled in. */
function remake({ name, options }: EncodingSummary['options'][number], model: Summary['model']): Encoding {
  const attention = options.direction === 'causal' || options.bidirectional === false ? 'causal' : 'bidirectional';
  // A record also names what the model's sizes decide, such as numHeads, which no specification may give.
  const description = findEncoding(name);
  const described = new Set(description.options.map((option) => option.name));
  const known: EncodingSpecification = {
    name,
    options: Object.fromEntries(Object.entries(options).filter(([option]) => described.has(option))),
  };
  // Several read two numbers per token or three; which, their options say.
  const { axes, extents } = options;
  const count = typeof axes === 'number' ? axes : Array.isArray(extents) ? extents.length : undefined;
  const read = Array.isArray(description.axes) && count !== undefined ? [count] : description.axes;
  return createEncoding(known, pictureShape({ axes: read }, sizesOf(model), attention));
}

function sizesOf({ modelDim, numHeads }: Summary['model']): PatternShape {
  return { modelDim, numHeads, headDim: modelDim / numHeads };
}
