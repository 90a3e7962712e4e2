/** Numbers as people read them. */
import type { Estimate } from './statistics.ts';
import type { Metric } from './summary.ts';

/** A score: percentages with one decimal, other numbers with three significant digits. */
export function formatScore(value: number, { format }: Pick<Metric, 'format'>): string {
  if (!Number.isFinite(value)) return String(value);
  return format === 'fraction' ? `${(100 * value).toFixed(1)} %` : formatNumber(value);
}

/** `21.3 % ± 1.2`: the mean and half the width of its 95 % interval. */
export function formatEstimate({ mean, margin }: Estimate, metric: Pick<Metric, 'format'>): string {
  if (margin === undefined) return formatScore(mean, metric);
  const width = metric.format === 'fraction' ? (100 * margin).toFixed(1) : formatNumber(margin);
  return `${formatScore(mean, metric)} ± ${width}`;
}

/** Three significant digits, without an exponent in the usual range. */
export function formatNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) return value.toExponential(1);
  return size >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** A count with thin groups of three: `124,138`. */
export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Bytes in the nearest unit: `2.5 kB`, `490 MB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${formatNumber(bytes / 1000 ** power)} ${units[power]}`;
}

/** `a, b and c`. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
