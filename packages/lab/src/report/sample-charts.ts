/** Drawings of test examples: forecasts over their series, pictures and clips with the positions of their patches. */
import * as Plot from '@observablehq/plot';
import { RecordError } from '../record/parse.ts';
import { lineSample } from './charts.ts';
import { lineStyle } from './colors.ts';
import { drawChart } from './drawing.ts';
import { formatNumber } from './format.ts';
import { escapeHtml, figure } from './markup.ts';
import { drawPixels } from './pixels.ts';
import { absoluteError } from './samples.ts';
import type { ComparedSample } from './summary.ts';

type Of<Kind extends ComparedSample['kind']> = Extract<ComparedSample, { kind: Kind }>;

/** Of the past, this many horizons and at least this many steps are drawn. */
const PAST_HORIZONS = 4;
const PAST_STEPS = 48;
/** With more encodings than this, only the best one's interval is drawn. */
const MOST_BANDS = 3;
/** Frames of a clip that are drawn. */
const MOST_FRAMES = 16;
/** A patch is drawn at least this wide, so that its numbers have room. */
const LEAST_PATCH = 15;
const PICTURE_SIZE = 150;
const FRAME_SIZE = 96;

/** The series with every forecast as a line over it, and each forecast's error in a table. */
export function drawSeries(sample: Of<'series'>, indexOf: (encoding: string) => number): string {
  const { title, past, future, answers } = sample;
  const steps = Math.min(past.values.length, Math.max(PAST_STEPS, PAST_HORIZONS * future.values.length));
  const cut = past.values.length - steps;
  const times = [...past.times.slice(cut), ...future.times];
  const dates = times.map((time) => new Date(time));
  const dated = dates.every((date) => !Number.isNaN(date.getTime()));
  const x = (step: number): Date | number => (dated ? (dates[step] as Date) : step - steps + 1);
  const points = (values: readonly number[], from: number) => values.map((y, at) => ({ x: x(from + at), y }));
  const known = past.values.slice(cut);
  const last = known.slice(-1);
  const lines = answers.map((answer) => ({
    answer,
    error: absoluteError(answer.forecast, future.values),
    style: lineStyle(indexOf(answer.encoding)),
  }));
  const bands = lines.filter(({ answer }) => answer.interval !== undefined);
  const shown = bands.length <= MOST_BANDS ? bands : bands.toSorted((a, b) => a.error - b.error).slice(0, 1);
  const svg = drawChart(`${title}: what was known, what came, and the forecasts`, {
    width: 440,
    height: 250,
    marginLeft: 55,
    marginBottom: 34,
    x: dated ? { type: 'utc', label: null, ticks: 4, tickFormat: dateFormat(dates) } : { label: 'steps →', ticks: 5 },
    y: { label: title, grid: true, nice: true },
    marks: [
      Plot.ruleX([x(steps - 1)], { stroke: '#999', strokeDasharray: '2 3' }),
      ...shown.map(({ answer: { interval }, style }) =>
        Plot.areaY(interval?.low.map((low, at) => ({ x: x(steps + at), low, high: interval.high[at] })) ?? [], {
          x: 'x',
          y1: 'low',
          y2: 'high',
          fill: style.color,
          fillOpacity: 0.15,
        }),
      ),
      Plot.line([...points(known, 0), ...points(future.values, steps)], {
        x: 'x',
        y: 'y',
        stroke: '#222',
        strokeWidth: 2.2,
      }),
      ...(future.values.length <= 12
        ? [Plot.dot(points(future.values, steps), { x: 'x', y: 'y', fill: '#222', r: 2.6 })]
        : []),
      ...lines.flatMap(({ answer, style: { color, dash, symbol } }) => [
        Plot.line(points([...last, ...answer.forecast], steps - last.length), {
          x: 'x',
          y: 'y',
          stroke: color,
          strokeWidth: 1.6,
          strokeDasharray: dash,
        }),
        ...(answer.forecast.length <= 12
          ? [Plot.dot(points(answer.forecast, steps), { x: 'x', y: 'y', stroke: color, fill: 'white', symbol, r: 3 })]
          : []),
      ]),
    ],
  });
  const errors = lines.map(({ error }) => error);
  const least = new Set(errors).size > 1 ? Math.min(...errors) : undefined;
  const caption = [
    dated ? `${(times[0] as string).slice(0, 10)} to ${(times.at(-1) as string).slice(0, 10)}.` : '',
    'Black: what was known and, right of the dashed rule, what came. Forecasts start from the last known value.',
    cut > 0 ? `The ${cut.toLocaleString('en-US')} steps before are left out.` : '',
    bandText(shown, bands.length),
  ];
  const rows = lines.map(
    ({ answer, error }) =>
      `<tr><th scope="row">${lineSample(indexOf(answer.encoding))} ${escapeHtml(answer.title)}</th><td>${error === least ? `<strong>${formatNumber(error)}</strong>` : formatNumber(error)}</td></tr>`,
  );
  return `<div class="pair">${figure(svg, caption.filter((text) => text !== '').join(' '))}<div class="scroll"><table class="numbers"><thead><tr><th scope="col">encoding</th><th scope="col">mean absolute error here</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></div>`;
}

/** Dates in UTC as ISO 8601 has them; where all lies within a few days, the time of day over the month and the day. */
function dateFormat(dates: readonly Date[]): (date: Date) => string {
  const times = dates.map((date) => date.getTime());
  const days = (Math.max(...times) - Math.min(...times)) / 86_400_000;
  return (date) => {
    const iso = date.toISOString();
    return days > 6 ? iso.slice(0, 10) : `${iso.slice(11, 16)}\n${iso.slice(5, 10)}`;
  };
}

function bandText(shown: readonly { readonly answer: Of<'series'>['answers'][number] }[], all: number): string {
  const [first] = shown;
  if (first?.answer.interval === undefined) return '';
  const share = `${Number((100 * first.answer.interval.share).toFixed(1))} %`;
  const whose = all > shown.length ? ` of ${first.answer.title}, whose forecast is nearest here,` : ' of each forecast';
  return `The band is the interval${whose} that should hold ${share} of values.`;
}

/** A picture, or the frames of a clip in a row, with the grid of patches and the position of each row and column. */
export function drawPicture(sample: Of<'picture'>): string {
  const { frames, height, width, channels, patch, pixels } = sample;
  const bytes = Buffer.from(pixels, 'base64');
  const size = height * width * channels;
  if (bytes.length !== frames * size) {
    throw new RecordError(
      `report: the picture ${JSON.stringify(sample.id)}: expected ${frames * size} bytes for ${frames} × ${height} × ${width} × ${channels}, ` +
        `got ${bytes.length}; the record is damaged: delete it to run it again`,
    );
  }
  const step = Math.ceil(frames / MOST_FRAMES);
  const [rows, columns] = [Math.ceil(height / patch), Math.ceil(width / patch)];
  const drawn = Array.from({ length: Math.ceil(frames / step) }, (_, at) => at * step).map((frame) =>
    drawFrame({ height, width, patch }, frame, frames > 1, () =>
      drawPixels(
        { pixels: new Uint8Array(bytes.subarray(frame * size, (frame + 1) * size)), width, height, channels },
        { x: MARGIN, y: frames > 1 ? MARGIN + FRAME_TITLE : MARGIN, ...scaled({ height, width, patch }, frames > 1) },
      ),
    ),
  );
  const clip = frames > 1 ? `${frames} frames of ` : '';
  const caption =
    `${clip}${rows} × ${columns} patches of ${patch} × ${patch} pixels; numbers are positions: ` +
    `${frames > 1 ? 'the frame above, ' : ''}columns along the top, rows along the side.` +
    (step > 1 ? ` Every ${step}${step === 2 ? 'nd' : step === 3 ? 'rd' : 'th'} frame is drawn.` : '');
  return `<figure><div class="frames">${drawn.join('')}</div><figcaption>${escapeHtml(caption)}</figcaption></figure>`;
}

const MARGIN = 16;
const FRAME_TITLE = 12;

type Cut = Pick<Of<'picture'>, 'height' | 'width' | 'patch'>;

/** How large a picture is drawn. */
function scaled({ height, width, patch }: Cut, isClip: boolean): { readonly width: number; readonly height: number } {
  const scale = Math.max((isClip ? FRAME_SIZE : PICTURE_SIZE) / Math.max(height, width), LEAST_PATCH / patch);
  return { width: round(width * scale), height: round(height * scale) };
}

function drawFrame(cut: Cut, frame: number, isClip: boolean, picture: () => string): string {
  const { width, height } = scaled(cut, isClip);
  const top = isClip ? MARGIN + FRAME_TITLE : MARGIN;
  const side = (width / cut.width) * cut.patch;
  const along = (extent: number): number[] => Array.from({ length: Math.ceil(extent / cut.patch) }, (_, at) => at);
  const [columns, rows] = [along(cut.width), along(cut.height)];
  const grid = [
    ...[...columns, columns.length]
      .map((at) => Math.min(at * side, width))
      .map((x) => `M${round(MARGIN + x)} ${top}v${height}`),
    ...[...rows, rows.length]
      .map((at) => Math.min(at * side, height))
      .map((y) => `M${MARGIN} ${round(top + y)}h${width}`),
  ].join('');
  const text = (x: number, y: number, content: number | string): string =>
    `<text x="${round(x)}" y="${round(y)}">${content}</text>`;
  const label = `${isClip ? `frame ${frame}: ` : ''}${rows.length} rows and ${columns.length} columns of patches`;
  return `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${label}" width="${MARGIN + width + 1}" height="${top + height + 1}" viewBox="0 0 ${MARGIN + width + 1} ${top + height + 1}" font-size="10" font-family="system-ui, sans-serif" fill="#333">${picture()}<path d="${grid}" fill="none" stroke="#fff" stroke-width="1.6" stroke-opacity="0.6"/><path d="${grid}" fill="none" stroke="#0072B2" stroke-width="0.7"/><g text-anchor="middle">${isClip ? text(MARGIN + width / 2, 9, `frame ${frame}`) : ''}${columns.map((at) => text(MARGIN + (at + 0.5) * side, top - 4, at)).join('')}</g><g text-anchor="end">${rows.map((at) => text(MARGIN - 4, top + (at + 0.5) * side + 3.5, at)).join('')}</g></svg>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
