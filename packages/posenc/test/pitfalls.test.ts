/**
 * The defects of docs/known-pitfalls.md: this library gives what is right, and not what the named library gives. Both come
 * from `reference/pitfalls.py`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  alibi,
  alibiSlopes,
  attentionTemperature,
  axialRotary,
  debertaBucket,
  dynamicNtkScaling,
  type FrequencyScaling,
  multimodalRotary,
  ntkScaling,
  randomFourier,
  rotary,
  selfExtend,
  sinusoidalGrid,
  swinV2,
  yarnScaling,
} from 'posenc';
import { type Positions, positionList } from 'posenc/positions';
import { createEncodings } from 'posenc/registry';
import { float64Operations, tensor, valueAndGradient } from 'posenc/tensor';
import { describe, expect, test } from 'vitest';
import { runEncoding } from './support/run-encoding.ts';

interface Pitfall {
  readonly source: string;
  readonly right: readonly number[];
  readonly wrong: readonly number[];
  readonly [given: string]: unknown;
}

const root = join(import.meta.dirname, '../../..');
const pitfalls = JSON.parse(
  readFileSync(join(import.meta.dirname, 'fixtures/pitfalls.golden.json'), 'utf8'),
) as Readonly<Record<string, Pitfall>>;
const seen = new Set<string>();

/** Cells of a grid, row by row. */
function grid(rows: number, columns: number): Positions {
  const cells = Array.from({ length: rows * columns }, (_, at) => [Math.floor(at / columns), at % columns]);
  return { values: Float64Array.from(cells.flat()), batch: 1, length: cells.length, axes: 2 };
}

/** Ours is right, and the difference to what is wrong is no rounding. */
function expectRight(name: string, ours: ArrayLike<number>, tolerance: number): void {
  const { right, wrong } = pitfalls[name] as Pitfall;
  seen.add(name);
  const largest = (expected: readonly number[]): number =>
    Math.max(...expected.map((value, index) => Math.abs((ours[index] as number) - value)));
  expect(ours.length).toBe(right.length);
  expect(largest(right)).toBeLessThanOrEqual(tolerance);
  expect(largest(wrong)).toBeGreaterThan(10 * tolerance);
}

const given = (name: string, key: string): readonly number[] => (pitfalls[name] as Pitfall)[key] as readonly number[];

function frequencies(scaling: FrequencyScaling, length = 1): ArrayLike<number> {
  const { inverseFrequencies } = rotary({ headDim: 128, scaling }).vectors(positionList([0, length - 1]));
  return (inverseFrequencies as { data: ArrayLike<number> }).data;
}

describe('stretched frequencies', () => {
  test('dynamic NTK leaves the fastest pair alone', () => {
    expectRight('dynamicNtk', frequencies(dynamicNtkScaling({ factor: 4, originalLength: 4096 }), 7168), 2e-7);
  });

  test('the NTK factor raises the base to its power', () => {
    expectRight('ntkFactor', frequencies(ntkScaling({ factor: 4 })), 2e-7);
  });

  test('YaRN obeys truncate', () => {
    expectRight('yarnTruncate', frequencies(yarnScaling({ factor: 4, originalLength: 4096, truncate: false })), 2e-7);
  });
});

describe('rotations', () => {
  test('scores depend on differences alone, also in video', () => {
    const [query, key] = [given('videoRotation', 'query'), given('videoRotation', 'key')];
    const pairs = given('videoRotation', 'pairs') as unknown as readonly (readonly [number, number])[];
    const encoding = rotary({ headDim: 8, pairing: 'interleaved' });
    const turned = (x: readonly number[], position: number, role: 'query' | 'key') => {
      const signals = encoding.signals(positionList([position]), role);
      return encoding.transform(
        { operations: float64Operations, parameters: {}, signals },
        tensor([1, 1, 1, 8], x),
        role,
      ).data;
    };
    const scores = pairs.map(([i, j]) => {
      const a = turned(query, i, 'query');
      return turned(key, j, 'key').reduce((sum, value, at) => sum + value * (a[at] as number), 0);
    });
    expectRight('videoRotation', scores, 1e-13);
    // The rotation of V-JEPA 2 itself is axialRotary with three axes; it is relative as its siblings are.
    expect(axialRotary({ headDim: 12, axes: 3 }).relative).toBe(true);
  });

  test('turn counter-clockwise', () => {
    const encoding = rotary({ headDim: 4, pairing: 'half' });
    const signals = encoding.signals(positionList([3]), 'query');
    const context = { operations: float64Operations, parameters: {}, signals };
    expectRight('direction', encoding.transform(context, tensor([1, 1, 1, 4], [1, 2, 3, 4]), 'query').data, 1e-14);
  });

  test('channels left over by interleaved sections belong to time', () => {
    const sections = given('leftoverChannels', 'sections');
    const encoding = multimodalRotary({ headDim: 128, sections, order: 'interleaved', base: 10000 });
    const frequency = rotary({ headDim: 128 }).vectors(positionList([0])).inverseFrequencies?.data as Float64Array;
    const places = given('leftoverChannels', 'places');
    const { sin, cos } = encoding.vectors({ values: Float64Array.from(places), batch: 1, length: 1, axes: 3 });
    // The position a pair reads is that whose angle it turned by.
    const read = Array.from(frequency, (omega, pair) =>
      [...places, 0].find((place) => {
        const [c, s] = [cos?.data[pair] as number, sin?.data[pair] as number];
        return Math.abs(c - Math.cos(place * omega)) + Math.abs(s - Math.sin(place * omega)) < 1e-12;
      }),
    );
    expectRight('leftoverChannels', read as number[], 0);
  });

  test.each(['angleBfloat16', 'angleFloat32'])('%s: the table is that of exact angles', (name) => {
    const { cos } = rotary({ headDim: 128 }).vectors(positionList(given(name, 'places')));
    expectRight(name, cos?.data as Float64Array, 2e-16);
  });

  test('no recurrence over frequencies', () => {
    const { cos } = rotary({ headDim: 128 }).vectors(positionList([131072]));
    expectRight('angleRecurrence', cos?.data as Float64Array, 2e-16);
  });

  test('layers without rotary are those that are named', () => {
    const shape = { headDim: 8, numHeads: 1, modelDim: 8, attention: 'causal', maximumLength: 16 } as const;
    const [encoding] = createEncodings('rotary:layers=not-4n', shape);
    const acts = given('noRopeLayers', 'right').map((_, layer) => Number(encoding?.layers?.(layer) ?? true));
    expectRight('noRopeLayers', acts, 0);
  });
});

describe('tables of grids', () => {
  test('run row by row', () => {
    const { table } = sinusoidalGrid({ dim: 8, layout: 'reversed' }).vectors(grid(2, 3));
    expectRight('gridOrder', table?.data as Float64Array, 1e-15);
  });

  test('of MAE hold columns first', () => {
    const { table } = sinusoidalGrid({ dim: 8, layout: 'reversed' }).vectors(grid(2, 2));
    expectRight('gridNames', table?.data as Float64Array, 1e-7);
  });

  test('Swin v2: the farthest distance is 1.0566', () => {
    const { distances } = swinV2({ numHeads: 1, rows: 8, columns: 8 }).vectors(grid(8, 1));
    const data = distances?.data as Float64Array; // [8, 8, 2]
    const between = (query: number, key: number): number => data[2 * (8 * query + key)] as number;
    const ours = Array.from({ length: 15 }, (_, at) => (at < 7 ? between(0, 7 - at) : between(at - 7, 0)));
    expectRight('swinDistances', ours, 1e-6);
  });

  test('the random matrix of Fourier features gets no gradient', () => {
    seen.add('frozenMatrix');
    expect(given('frozenMatrix', 'trained')).toEqual(['positional_embedding']);
    const encoding = randomFourier({ dim: 4, extents: [2, 3] });
    const learned = { matrix: tensor([2, 2], [0.5, -1, 0.25, 2]) };
    const at = { queries: grid(2, 3), keys: grid(2, 3) };
    const { run, parameters } = runEncoding(encoding, at, { x: tensor([1, 6, 4], new Float64Array(24)) }, learned);
    const { gradients } = valueAndGradient(run, parameters, tensor([1, 6, 4], new Float64Array(24).fill(1)));
    expect(gradients['learned.matrix']?.data.every((value) => value === 0)).toBe(true);
    expect(gradients.x?.data.every((value) => value === 1)).toBe(true);
  });
});

describe('scores', () => {
  test('slopes of ALiBi for twelve heads', () => {
    expectRight('slopes', alibiSlopes(12), 3e-8);
    expectRight('slopePrecision', alibiSlopes(12), 1e-16);
    expect(alibi({ numHeads: 12 }).name).toBe('alibi');
  });

  test('DeBERTa’s buckets do not depend on how many queries there are', () => {
    const ours = Array.from({ length: 144 }, (_, at) =>
      debertaBucket(Math.floor(at / 12) - (at % 12), { buckets: 4, maximumDistance: 16 }),
    );
    expectRight('debertaLengths', ours, 0);
  });

  test('Self-Extend refuses windows that groups do not divide', () => {
    seen.add('selfExtend');
    expect(() => selfExtend({ headDim: 8, groupSize: 6, window: 16 })).toThrow(/multiple of/);
  });

  test('Llama 4 and Ministral 3 raise the temperature at their own positions', () => {
    const places = positionList(given('temperatures', 'places'));
    const factors = (schedule: 'llama4' | 'ministral') =>
      attentionTemperature({ schedule, length: 8192, factor: 0.1 }).vectors(places);
    const data = (schedule: 'llama4' | 'ministral') => Object.values(factors(schedule))[0]?.data as Float64Array;
    expectRight('temperatures', data('llama4'), 1e-15);
    expect([...data('ministral')]).toEqual(
      given('temperatures', 'wrong').map((value) => expect.closeTo(value, 14) as number),
    );
  });
});

test('every pitfall of the fixture is tested, and the page names each', () => {
  expect([...seen].sort()).toEqual(Object.keys(pitfalls).sort());
  const page = readFileSync(join(root, 'docs/known-pitfalls.md'), 'utf8');
  expect(Object.keys(pitfalls).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
