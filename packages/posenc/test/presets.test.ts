/** Published models: every preset can be made, and gives the numbers published for it. */
import { positionRange } from 'posenc/positions';
import {
  type AttentionShape,
  createEncodings,
  encodingDescriptions,
  findPreset,
  type Preset,
  presets,
} from 'posenc/registry';
import type { PlainTensor } from 'posenc/tensor';
import { describe, expect, test } from 'vitest';

function shapeOf({ attention, extents, headDim, numHeads, trainedLength }: Preset): AttentionShape {
  return {
    modelDim: headDim * numHeads,
    numHeads,
    headDim,
    maximumLength: Math.min(trainedLength ?? 512, 4096),
    attention,
    ...(extents === undefined ? {} : { extents }),
  };
}

test.each(presets)('$name is made by its specification', (preset) => {
  const encodings = createEncodings(preset.specification, shapeOf(preset));
  expect(encodings.length).toBeGreaterThan(0);
  for (const { attention } of encodings) expect(['any', preset.attention]).toContain(attention);
  expect(preset.source.length).toBeGreaterThan(5);
  expect(encodingDescriptions.map(({ name }) => name)).not.toContain(preset.name);
});

test('names are told apart, and a mistyped one is answered with the nearest', () => {
  expect(new Set(presets.map(({ name }) => name)).size).toBe(presets.length);
  expect(() => findPreset('lama-3.1')).toThrow(/did you mean llama-3.1\?/);
});

describe('published numbers', () => {
  const vectorsOf = (name: string, which = 0): Readonly<Record<string, PlainTensor>> => {
    const preset = findPreset(name);
    const encoding = createEncodings(preset.specification, shapeOf(preset))[which];
    if (encoding === undefined) throw new Error(`${name} has no encoding ${which}`);
    return encoding.vectors(positionRange(1));
  };

  test.each([
    // Frequencies of Llama 3.1 by Meta's apply_scaling, of gpt-oss and Llama 2 stretched by YaRN's authors' code.
    ['llama-3.1', 28, 3.211446e-3],
    ['llama-3.1', 29, 2.166571e-3],
    ['llama-3.1', 31, 8.567514e-4],
    ['llama-3.1', 63, 3.068926e-7],
    ['gpt-oss', 12, 6.794959e-3],
  ])('%s, frequency %i', (name, index, expected) => {
    expect((vectorsOf(name).inverseFrequencies?.data[index] as number) / expected).toBeCloseTo(1, 6);
  });

  test.each([
    ['gpt-oss', 1.346574],
    ['phi-3.5-mini', 1.190238],
    ['deepseek-v3', 1],
    ['ministral-3', 1],
    ['llama-3.1', 1],
  ])('%s multiplies cosines by %d', (name, expected) => {
    expect(vectorsOf(name).cos?.data[0]).toBeCloseTo(expected, 6);
  });

  test('DeepSeek-V3 multiplies its scores by 1.87385', () => {
    expect(vectorsOf('deepseek-v3', 1).temperature?.data[0]).toBeCloseTo(1.87385, 5);
  });

  test('layers of Llama 4, Gemma 3, SmolLM3 and ModernBERT', () => {
    const layersOf = (name: string, which: number) => {
      const preset = findPreset(name);
      const encoding = createEncodings(preset.specification, shapeOf(preset))[which];
      return Array.from({ length: 12 }, (_, layer) => layer).filter((layer) => encoding?.layers?.(layer) ?? true);
    };
    expect(layersOf('llama-4-scout', 0)).toEqual([0, 1, 2, 4, 5, 6, 8, 9, 10]);
    expect(layersOf('llama-4-scout', 1)).toEqual([3, 7, 11]);
    expect(layersOf('smollm3', 0)).toEqual([0, 1, 2, 4, 5, 6, 8, 9, 10]);
    expect(layersOf('gemma-3', 1)).toEqual([5, 11]);
    expect(layersOf('modernbert', 0)).toEqual([0, 3, 6, 9]);
    expect(layersOf('modernbert', 1)).toEqual([1, 2, 4, 5, 7, 8, 10, 11]);
  });
});
