/** Rotary equals ONNX's operator RotaryEmbedding: its own test vectors, and one node on tables of real angles. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rotary } from 'posenc';
import { float64Operations, type PlainTensor, tensor } from 'posenc/tensor';
import { describe, expect, test } from 'vitest';
import { expectClose } from '../support/close.ts';

interface Stored {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Turned {
  readonly title: string;
  readonly source: string;
  readonly pairing: 'half' | 'interleaved';
  readonly rotaryDim: number;
  readonly x: Stored;
  readonly y: Stored;
}

const { vectors, models } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../fixtures/onnx.golden.json'), 'utf8'),
) as {
  readonly vectors: readonly (Turned & { readonly cos: Stored; readonly sin: Stored })[];
  readonly models: readonly (Turned & {
    readonly headDim: number;
    readonly base: number;
    readonly positions: readonly (readonly number[])[];
  })[];
};

const read = ({ shape, data }: Stored): PlainTensor => tensor(shape, data);

describe('the vectors of the operator', () => {
  test('are those of both pairings, whole heads and parts, four axes and three', () => {
    expect(vectors.length).toBe(8);
    expect(new Set(vectors.map(({ pairing, rotaryDim }) => `${pairing} ${rotaryDim}`)).size).toBe(4);
  });

  // Their tables hold random numbers in place of angles, so only the turning itself is asked.
  test.each(vectors)('$title', ({ pairing, rotaryDim, x, y, cos, sin }) => {
    const encoding = rotary({ headDim: x.shape.at(-1) as number, rotaryDim, pairing });
    const signals = { cos: read(cos), sin: read(sin) };
    const turned = encoding.transform({ operations: float64Operations, parameters: {}, signals }, read(x), 'query');
    // The reference computes in float32.
    expectClose(turned, read(y), 2e-7);
  });
});

describe('a node of the operator on real angles', () => {
  test.each(models)('$title', ({ pairing, rotaryDim, headDim, base, positions, x, y }) => {
    const encoding = rotary({ headDim, rotaryDim, base, pairing });
    const signals = encoding.signals(
      {
        values: Float64Array.from(positions.flat()),
        batch: positions.length,
        length: (positions[0] as readonly number[]).length,
        axes: 1,
      },
      'query',
    );
    const turned = encoding.transform({ operations: float64Operations, parameters: {}, signals }, read(x), 'query');
    expectClose(turned, read(y), 1e-12);
  });
});
