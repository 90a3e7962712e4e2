import { type Initializer, initialize } from 'posenc';
import { describe, expect, test } from 'vitest';
import { createTestRandom } from './support/random.ts';

const source = 'by intent';
const drawn = (initializer: Initializer) => initialize({ shape: [100, 40], initializer }, createTestRandom(1));
const mean = (data: Float64Array): number => data.reduce((sum, value) => sum + value, 0) / data.length;

describe('initialize', () => {
  test('draws normal numbers of the declared standard deviation', () => {
    const { data } = drawn({ distribution: 'normal', standardDeviation: 0.02, source });
    // Six standard errors of the mean and of the deviation of 4000 draws.
    expect(Math.abs(mean(data))).toBeLessThan((6 * 0.02) / Math.sqrt(4000));
    expect(Math.abs(Math.sqrt(mean(data.map((value) => value ** 2))) - 0.02)).toBeLessThan(
      (6 * 0.02) / Math.sqrt(8000),
    );
  });

  test('draws uniform numbers that fill the declared range and nothing else', () => {
    const { data } = drawn({ distribution: 'uniform', minimum: -1, maximum: 3, source });
    expect([Math.floor(Math.min(...data) * 50), Math.ceil(Math.max(...data) * 50)]).toEqual([-50, 150]);
    expect(Math.abs(mean(data) - 1)).toBeLessThan((6 * 4) / Math.sqrt(12 * 4000));
  });

  test('repeats a constant', () => {
    expect(
      initialize({ shape: [2], initializer: { distribution: 'constant', value: 0.5, source } }, createTestRandom(1)),
    ).toEqual({
      shape: [2],
      data: Float64Array.of(0.5, 0.5),
      type: 'real',
    });
  });

  test('gives the same numbers for the same draws, and others for others', () => {
    const declaration = { shape: [3], initializer: { distribution: 'normal', standardDeviation: 1, source } } as const;
    expect(initialize(declaration, createTestRandom(5))).toEqual(initialize(declaration, createTestRandom(5)));
    expect(initialize(declaration, createTestRandom(5))).not.toEqual(initialize(declaration, createTestRandom(6)));
  });
});
