/** What the views of an encoding show, against the formulas of the papers. */
import { createEncoding, encodingDescriptions } from 'posenc/registry';
import { describe, expect, test } from 'vitest';
import { drawEncoding } from '../../src/report/pictures.ts';
import { type ViewName, viewOf, viewsOf } from '../../src/report/views.ts';

const shape = { modelDim: 32, numHeads: 4, headDim: 8, maximumLength: 64, attention: 'causal' } as const;
const view = (specification: string, name: ViewName, length = 64) =>
  viewOf(name, createEncoding(specification, shape), shape, length);

function curvesOf(specification: string, length?: number): readonly (readonly number[])[] {
  const found = view(specification, 'distance', length);
  if (found?.kind !== 'curves') throw new Error('expected curves');
  return found.curves.map(({ values }) => [...values]);
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  found.forEach((value, at) => {
    expect(value).toBeCloseTo(expected[at] as number, 12);
  });
}

const distances = (count: number): number[] => Array.from({ length: count }, (_, distance) => distance);

describe('by distance', () => {
  test('ALiBi falls by its slopes, 2^(−2h) for four heads', () => {
    const curves = curvesOf('alibi', 10);
    expect(curves).toHaveLength(4);
    curves.forEach((curve, head) => {
      expectClose(
        curve,
        distances(10).map((d) => -d * 2 ** (-2 * (head + 1))),
      );
    });
  });

  test('rotary is the mean of the cosines, the same in every head', () => {
    const curves = curvesOf('rotary');
    expect(curves).toHaveLength(1);
    const frequencies = [0, 1, 2, 3].map((k) => 10000 ** (-k / 4));
    expectClose(
      curves[0] as number[],
      distances(64).map((d) => frequencies.reduce((sum, frequency) => sum + Math.cos(d * frequency), 0) / 4),
    );
  });

  test('sinusoidal rows have the similarity of their cosines', () => {
    const frequencies = Array.from({ length: 16 }, (_, k) => 10000 ** (-k / 16));
    expectClose(
      curvesOf('sinusoidal')[0] as number[],
      distances(64).map((d) => frequencies.reduce((sum, frequency) => sum + Math.cos(d * frequency), 0) / 16),
    );
  });
});

test('wavelengths are 2π·base^(2k/R), of rotary and of sinusoids', () => {
  const rotary = view('rotary:base=500', 'wavelengths');
  expect(rotary).toMatchObject({ kind: 'wavelengths', length: 64 });
  if (rotary?.kind === 'wavelengths')
    expectClose(
      [...rotary.values],
      [0, 1, 2, 3].map((k) => 2 * Math.PI * 500 ** (k / 4)),
    );
  const table = view('sinusoidal', 'wavelengths');
  if (table?.kind !== 'wavelengths') throw new Error('expected wavelengths');
  expect(table.values).toHaveLength(16);
});

test('the table is the table: position down, channel across', () => {
  const found = view('sinusoidal', 'table');
  if (found?.kind !== 'grid') throw new Error('expected a grid');
  expect(found.columns).toBe(32);
  expectClose([...found.values.subarray(0, 4)], [0, 1, 0, 1]);
  expect(found.values[32]).toBeCloseTo(Math.sin(1), 12);
});

test('an encoding says from which sides it can be looked at', () => {
  const sides = (specification: string) => viewsOf(createEncoding(specification, shape), shape, 64);
  expect(sides('sinusoidal')).toEqual(['pattern', 'table', 'distance', 'wavelengths']);
  expect(sides('rotary')).toEqual(['pattern', 'distance', 'wavelengths']);
  expect(sides('learned')).toEqual(['pattern', 'distance']);
  expect(sides('none')).toEqual(['pattern']);
});

test.each(encodingDescriptions.filter(({ axes }) => Array.isArray(axes) && axes.includes(3)).map(({ name }) => name))(
  '%s made for fewer cells than the picture has is drawn as far as it goes',
  (name) => {
    const clip = { ...shape, headDim: 24, modelDim: 96, attention: 'bidirectional', extents: [6, 4, 4] } as const;
    const encoding = createEncoding(name, clip);
    expect(drawEncoding(encoding, clip).svg).toMatch(/^<svg/);
    const found = viewOf('pattern', encoding, { ...clip, extents: [6, 7, 7] }, 64);
    expect(found).toMatchObject({ kind: 'grid' });
    if (['space-time', 'fourier-features', 'random-fourier'].includes(name))
      expect(found).toMatchObject({ columns: 4 });
  },
);
