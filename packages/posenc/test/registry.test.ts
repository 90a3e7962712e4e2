/** The explicit list of encodings: finding them by name, reading their options, defaults by attention. */
import {
  type AttentionShape,
  createEncoding,
  createEncodings,
  encodingDescriptions,
  findEncoding,
  parseEncodingSpecification,
} from 'posenc/registry';
import { describe, expect, test } from 'vitest';
import { type PositionCase, positionCasesOf, shapesOf } from './support/encoding-cases.ts';

const shape: AttentionShape = {
  modelDim: 48,
  numHeads: 6,
  headDim: 16,
  maximumLength: 20,
  attention: 'bidirectional',
};
const causal: AttentionShape = { ...shape, attention: 'causal' };

describe('the list', () => {
  test('holds every encoding once', () => {
    const names = encodingDescriptions.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of ['none', 'sinusoidal', 'learned', 'rotary', 'alibi', 't5']) expect(names).toContain(name);
  });

  test.each(encodingDescriptions)('$name says of its encoding what is so', (description) => {
    for (const one of shapesOf(description)) {
      const encoding = description.create(one);
      expect(encoding.name).toBe(description.name);
      expect(encoding.site).toBe(description.site);
      expect(encoding.axes).toBe(one.graph?.features ?? one.extents?.length ?? 1);
      expect(encoding.relative).toBe(description.relative);
      // These numbers are drawn once and saved with the model.
      const isDrawn = ['random-fourier', 'fourier-rotary'].includes(encoding.name);
      expect(encoding.parameters.length > 0).toBe(description.learnable || isDrawn);
      expect(description.learnable && isDrawn).toBe(false);
      const longest = one.extents === undefined ? one.maximumLength : Math.min(...one.extents);
      expect(encoding.largestPosition).toBeGreaterThanOrEqual(longest - 1);
      expect(encoding.costs(10).parameters).toBe(
        encoding.parameters.reduce((sum, declared) => sum + declared.shape.reduce((a, b) => a * b, 1), 0),
      );
      const [positions] = positionCasesOf(encoding);
      if (description.name !== 'none' && !description.learnable)
        expect(encoding.vectors((positions as PositionCase).queries)).not.toEqual({});
    }
  });

  test.each(encodingDescriptions)('$name has the defaults its options declare', (description) => {
    const { options, create } = description;
    const made = create(shapesOf(description).at(-1) as AttentionShape).options;
    for (const option of options) {
      if (option.onlyWith === undefined) expect(made).toHaveProperty(option.name);
      if (option.default !== undefined) expect(made[option.name]).toEqual(option.default);
    }
  });
});

describe('unknown names', () => {
  test.each([
    ['rotery', 'rotary'],
    ['sinusoid', 'sinusoidal'],
    ['ALiBi', 'alibi'],
    ['learnt', 'learned'],
    ['t6', 't5'],
  ])('%s suggests %s', (name, nearest) => {
    expect(() => findEncoding(name)).toThrow(RangeError);
    expect(() => findEncoding(name)).toThrow(`got ${name}; did you mean ${nearest}?`);
  });

  test('what is near to nothing suggests nothing, and lists all', () => {
    const all = encodingDescriptions.map(({ name }) => name).join(', ');
    const message = `encoding: expected one of ${all}, got zzzzzzzz`;
    expect(() => findEncoding('zzzzzzzz')).toThrow(new RangeError(message));
    expect(() => parseEncodingSpecification('')).toThrow(RangeError);
  });
});

describe('specifications', () => {
  test.each([
    ['rotary', { name: 'rotary', options: {} }],
    ['rotary:base=500000:pairing=interleaved', { name: 'rotary', options: { base: 500000, pairing: 'interleaved' } }],
    ['sinusoidal:base=1e4', { name: 'sinusoidal', options: { base: 10000 } }],
    ['t5:bidirectional=false:scale=2.5', { name: 't5', options: { bidirectional: false, scale: 2.5 } }],
    ['alibi:direction=left-right', { name: 'alibi', options: { direction: 'left-right' } }],
  ])('%s', (text, expected) => expect(parseEncodingSpecification(text)).toEqual(expected));

  test.each([
    ['sinusoidal:bass=3', 'sinusoidal: expected one of layout, exponent, base, got bass; did you mean base?'],
    ['none:base=3', 'none: expected no options, got base'],
    ['rotary:base', 'rotary: expected options as name=value, got "base" in rotary:base'],
    ['rotary:base=', 'rotary: expected options as name=value, got "base=" in rotary:base='],
    ['rotary:', 'rotary: expected options as name=value, got "" in rotary:'],
    ['rotary:base=1:base=2', 'rotary: base: expected once, got twice in rotary:base=1:base=2'],
    ['sinusoidal:toString=1', 'sinusoidal: expected one of layout, exponent, base, got toString'],
    ['rotary:base=ten', 'rotary: base: expected a number, got ten'],
    ['rotary:base=Infinity', 'rotary: base: expected a number, got Infinity'],
    ['rotary:pairing=both', 'rotary: pairing: expected one of half, interleaved, got both'],
    ['t5:bidirectional=yes', 't5: bidirectional: expected one of true, false, got yes'],
  ])('%s is refused', (text, message) => {
    expect(() => parseEncodingSpecification(text)).toThrow(new RangeError(message));
  });

  test('options reach the constructor, which checks their values', () => {
    expect(createEncoding('rotary:base=100:rotaryDim=4', shape).options).toEqual({
      headDim: 16,
      rotaryDim: 4,
      base: 100,
      pairing: 'half',
      scaling: 'none',
    });
    expect(createEncoding({ name: 'learned', options: { maximumPositions: 7 } }, shape).largestPosition).toBe(6);
    expect(() => createEncoding('rotary:rotaryDim=17', shape)).toThrow(/rotary: rotaryDim: .*got 17/);
  });
});

describe('options that were not read from text', () => {
  test.each([
    [
      { name: 'sinusoidal', options: { bass: 3 } },
      RangeError,
      'sinusoidal: expected one of layout, exponent, base, got bass',
    ],
    [{ name: 'none', options: { toString: 3 } }, RangeError, 'none: expected no options, got toString'],
    [{ name: 'rotary', options: { base: '3' } }, TypeError, 'rotary: base: expected a number, got "3"'],
    [{ name: 'rotary', options: { pairing: true } }, TypeError, 'rotary: pairing: expected a string, got true'],
    [{ name: 't5', options: { bidirectional: 'no' } }, TypeError, 't5: bidirectional: expected a boolean, got "no"'],
    [{ name: 'rotary', options: { pairing: 'both' } }, RangeError, 'rotary: pairing: expected one of half, interl'],
    [{ name: 'sinusoidal', options: { base: Number.NaN } }, RangeError, 'sinusoidal: base: expected a finite number'],
  ])('%j are refused', (specification, kind, message) => {
    const make = () => createEncoding(specification, shape);
    expect(make).toThrow(kind);
    expect(make).toThrow(message);
  });
});

describe('defaults follow the attention', () => {
  test('learned has a row for every position of the longest input', () => {
    expect(createEncoding('learned', shape).largestPosition).toBe(19);
  });

  test('ALiBi looks each way with half of its heads, or back with all under a causal mask', () => {
    expect(createEncoding('alibi', shape).options.direction).toBe('left-right');
    expect(createEncoding('alibi:direction=symmetric', shape).options.direction).toBe('symmetric');
    expect(createEncoding('alibi', causal).options.direction).toBe('causal');
    expect(createEncoding('alibi:direction=symmetric', causal).options.direction).toBe('causal');
  });

  test('T5 has buckets for both sides, or for the past alone under a causal mask', () => {
    expect(createEncoding('t5', shape).options.bidirectional).toBe(true);
    expect(createEncoding('t5:bidirectional=false', shape).options.bidirectional).toBe(false);
    expect(createEncoding('t5', causal).options.bidirectional).toBe(false);
    expect(createEncoding('t5:bidirectional=true', causal).options.bidirectional).toBe(false);
  });

  test('T5 lives on the scale of its original, unless told otherwise', () => {
    expect(createEncoding('t5', shape).options).toMatchObject({ scale: 4, standardDeviation: 48 ** -0.5 });
    expect(createEncoding('t5:scale=1', shape).options.scale).toBe(1);
  });

  test('an odd number of heads cannot look each way, and the error says so', () => {
    expect(() => createEncoding('alibi', { ...shape, numHeads: 3 })).toThrow(/even number for direction left-right/);
    expect(createEncoding('alibi:direction=symmetric', { ...shape, numHeads: 3 }).options.numHeads).toBe(3);
  });
});

test('options made once make the same encoding again', () => {
  for (const description of encodingDescriptions) {
    const [one] = shapesOf(description) as [AttentionShape];
    const { options } = description.create(one);
    const known = new Set(description.options.map(({ name }) => name));
    const given = Object.fromEntries(Object.entries(options).filter(([name]) => known.has(name)));
    expect(description.create(one, given).options).toEqual(options);
  }
});

describe('several encodings', () => {
  test('are joined by + and act in the layers they name', () => {
    const [local, everywhere] = createEncodings('rotary:base=1e+4:layers=not-6n+alibi', causal);
    expect(local?.options.base).toBe(10000);
    expect([0, 1, 4, 5, 6, 11].map((layer) => local?.layers?.(layer))).toEqual([true, true, true, false, true, false]);
    expect(everywhere?.name).toBe('alibi');
    expect(everywhere?.layers).toBeUndefined();
  });

  test('layers are every nth, all but those, or a list from 0', () => {
    const chosen = (text: string) =>
      [0, 1, 2, 3, 4, 5].filter((layer) => createEncodings(`none:layers=${text}`, shape)[0]?.layers?.(layer));
    expect(chosen('2n')).toEqual([1, 3, 5]);
    expect(chosen('not-3n')).toEqual([0, 1, 3, 4]);
    expect(chosen('0/4')).toEqual([0, 4]);
    for (const wrong of ['all', '0n', 'n', '1,2', '-1', '2n/3']) {
      expect(() => chosen(wrong)).toThrow(/layers: expected 4n, not-4n or numbers from 0/);
    }
    expect(() => createEncodings('none:layers=2n:layers=3n', shape)).toThrow(/layers: expected once/);
  });

  test('an encoding of one axis cannot be made for tokens of a grid', () => {
    expect(() => createEncodings('rotary', { ...shape, extents: [4, 4] })).toThrow(/expected 1 per token, got 2/);
  });
});
