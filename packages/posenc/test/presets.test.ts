/** Published models: every preset can be made, and gives the numbers published for it. */
import type { Encoding } from 'posenc';
import { positionList, positionRange } from 'posenc/positions';
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

function shapeOf({ attention, extents, headDim, numHeads, contextLength }: Preset): AttentionShape {
  return {
    modelDim: headDim * numHeads,
    numHeads,
    headDim,
    maximumLength: Math.min(contextLength ?? 512, 4096),
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

  test('SmolLM3 turns by base 5,000,000', () => {
    // Its last stage of training, from 32k to 64k: huggingface.co/blog/smollm3.
    const { data } = vectorsOf('smollm3').inverseFrequencies as PlainTensor;
    expect((data[1] as number) / 5e6 ** (-2 / 128)).toBeCloseTo(1, 12);
  });

  test('Phi-3.5-mini divides by the factors of its config.json', () => {
    const phi = findPreset('phi-3.5-mini');
    const [encoding] = createEncodings(phi.specification, shapeOf(phi)) as [Encoding];
    // The second pair and the last, up to 4096 positions and beyond.
    const published = [
      [4095, 1.0199999809265137, 2.8399994373321533],
      [131071, 1.1100000143051147, 64.83999633789062],
    ] as const;
    for (const [position, second, last] of published) {
      const { data } = encoding.vectors(positionList([position])).inverseFrequencies as PlainTensor;
      expect(data.length).toBe(48);
      expect((data[1] as number) / (1e4 ** (-1 / 48) / second)).toBeCloseTo(1, 14);
      expect((data[47] as number) / (1e4 ** (-47 / 48) / last)).toBeCloseTo(1, 14);
    }
  });

  test('Inkling: sliding layers have an extent of 512 and no temperature, global ones 1024 and one from 128,000 on', () => {
    const inkling = findPreset('inkling-2026');
    const encodings = createEncodings(inkling.specification, shapeOf(inkling));
    const temperature = encodings[2] as Encoding;
    // local_layer_ids of its config.json name all of the first twelve layers but 5 and 11.
    const local = [0, 1, 2, 3, 4, 6, 7, 8, 9, 10];
    const layers = Array.from({ length: 12 }, (_, layer) => layer);
    expect(encodings.map(({ layers: acts }) => layers.filter((layer) => acts?.(layer) ?? true))).toEqual([
      local,
      [5, 11],
      [5, 11],
    ]);
    expect(encodings.slice(0, 2).map(({ options }) => options.extent)).toEqual([512, 1024]);
    // 1 + 0.1·ln 2 at twice the floor.
    const { data } = temperature.vectors(positionList([127999, 255999])).temperature as PlainTensor;
    expect(data[0]).toBe(1);
    expect(data[1]).toBeCloseTo(1.0693147180559945, 12);
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
