/**
 * Resizing of tables that stand on a grid, as PyTorch's `interpolate` and torchvision do it. Every choice below changes
 * the numbers: half-pixel or corner alignment moves the whole grid by up to half a cell.
 */
import { checkChoice, checkCount } from './check.ts';

/** How values between the points of a grid are found. */
export interface ResampleOptions {
  /** Default `bicubic`. */
  readonly mode?: 'bilinear' | 'bicubic';
  /** Averages over as many cells as one new cell covers, when made smaller. Default false. */
  readonly antialias?: boolean;
  /** Corners stay corners, instead of cells staying cells. Default false. */
  readonly alignCorners?: boolean;
}

/**
 * Weights [to, from] (row-major) that resize one axis: new[i] = Σⱼ weights[i, j]·old[j].
 *
 * @throws {RangeError} when an extent is not a positive integer, or corners are to be aligned with antialiasing
 */
export function resampleWeights(from: number, to: number, options: ResampleOptions = {}): Float64Array {
  checkCount('resample: from', from);
  checkCount('resample: to', to);
  const { antialias = false, alignCorners = false } = options;
  const mode = checkChoice('resample: mode', options.mode ?? 'bicubic', ['bilinear', 'bicubic']);
  if (antialias && alignCorners) {
    throw new RangeError('resample: alignCorners: expected false with antialias, which is defined for cells only');
  }
  const weights = new Float64Array(to * from);
  for (let row = 0; row < to; row += 1) {
    const taps = antialias ? smoothTaps(row, from, to, mode) : sharpTaps(row, from, to, mode, alignCorners);
    for (const [index, weight] of taps) {
      const at = row * from + Math.min(Math.max(index, 0), from - 1);
      weights[at] = (weights[at] as number) + weight;
    }
  }
  return weights;
}

/**
 * A table over a grid, row-major [rows, columns, channels], resized to another grid.
 *
 * Equal to `torch.nn.functional.interpolate` of PyTorch 2.13.0: `bicubic` (as ViT, DINOv2), with `antialias` as timm's
 * `resample_abs_pos_embed`, `bilinear` (BEiT), with `alignCorners` as Qwen3-VL.
 *
 * @throws {RangeError} when an extent is not a positive integer, or the table has not rows × columns × channels numbers
 */
export function resampleGrid(
  table: ArrayLike<number>,
  from: readonly [rows: number, columns: number],
  to: readonly [rows: number, columns: number],
  options: ResampleOptions = {},
): Float64Array {
  const [rows, columns] = from;
  const channels = checkCount('resampleGrid: channels', table.length / (rows * columns));
  const [down, across] = [resampleWeights(rows, to[0], options), resampleWeights(columns, to[1], options)];
  const result = new Float64Array(to[0] * to[1] * channels);
  for (let row = 0; row < to[0]; row += 1) {
    for (let column = 0; column < to[1]; column += 1) {
      for (let oldRow = 0; oldRow < rows; oldRow += 1) {
        for (let oldColumn = 0; oldColumn < columns; oldColumn += 1) {
          const weight = (down[row * rows + oldRow] as number) * (across[column * columns + oldColumn] as number);
          if (weight === 0) continue;
          const [target, source] = [(row * to[1] + column) * channels, (oldRow * columns + oldColumn) * channels];
          for (let channel = 0; channel < channels; channel += 1) {
            result[target + channel] =
              (result[target + channel] as number) + weight * (table[source + channel] as number);
          }
        }
      }
    }
  }
  return result;
}

type Tap = readonly [index: number, weight: number];

/** Two or four points around the place; indices may lie outside and then mean the nearest point. */
function sharpTaps(
  row: number,
  from: number,
  to: number,
  mode: 'bilinear' | 'bicubic',
  alignCorners: boolean,
): readonly Tap[] {
  const cells = (row + 0.5) * (from / to) - 0.5;
  const corners = to === 1 ? 0 : row * ((from - 1) / (to - 1));
  if (mode === 'bilinear') {
    const place = alignCorners ? corners : Math.max(cells, 0);
    const first = Math.floor(place);
    const rest = place - first;
    return [
      [first, 1 - rest],
      [first + 1, rest],
    ];
  }
  const place = alignCorners ? corners : cells;
  const first = Math.floor(place);
  return [-1, 0, 1, 2].map((step) => [first + step, cubic(place - first - step, -0.75)]);
}

/** All points that a new cell covers, weighted by the filter stretched to it. */
function smoothTaps(row: number, from: number, to: number, mode: 'bilinear' | 'bicubic'): readonly Tap[] {
  const stretch = Math.max(from / to, 1);
  const support = (mode === 'bilinear' ? 1 : 2) * stretch;
  const center = (row + 0.5) * (from / to);
  const first = Math.max(Math.trunc(center - support + 0.5), 0);
  const last = Math.min(Math.trunc(center + support + 0.5), from);
  const weights = Array.from({ length: last - first }, (_, index) => {
    const distance = (first + index - center + 0.5) / stretch;
    return mode === 'bilinear' ? Math.max(1 - Math.abs(distance), 0) : cubic(distance, -0.5);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight, index) => [first + index, weight / total]);
}

/** Keys' cubic convolution kernel. PyTorch takes −0.75 for `a`, and −0.5 where it smooths. */
function cubic(x: number, a: number): number {
  const distance = Math.abs(x);
  if (distance <= 1) return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
  if (distance < 2) return ((distance - 5) * distance + 8) * distance * a - 4 * a;
  return 0;
}
