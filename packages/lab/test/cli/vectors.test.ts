import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { encodeNpy } from '../../src/cli/npy.ts';
import { posenc } from './fake-io.ts';

interface Printed {
  readonly encoding: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly positions: readonly number[];
  readonly values: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: readonly number[] }>>;
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posenc-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function vectors(...argv: string[]): Promise<Printed> {
  const { code, out, err } = await posenc(['vectors', ...argv]);
  expect(err).toBe('');
  expect(code).toBe(0);
  return JSON.parse(out) as Printed;
}

function expectNear(actual: readonly number[] | undefined, expected: readonly number[]): void {
  expect(actual?.length).toBe(expected.length);
  for (const [index, value] of expected.entries()) expect(actual?.[index]).toBeCloseTo(value, 6);
}

describe('posenc vectors prints the published numbers', () => {
  // d = 8, position 1, from the formulas of each paper.
  test('sinusoidal: the interleaved form of the paper, unless asked otherwise', async () => {
    const paper = await vectors('sinusoidal', '--dim', '8', '--positions', '1');
    expect(paper).toMatchObject({ encoding: 'sinusoidal', positions: [1], values: { table: { shape: [1, 8] } } });
    expectNear(paper.values.table?.data, [0.841471, 0.540302, 0.099833, 0.995004, 0.01, 0.99995, 0.001, 1.0]);
    const halves = await vectors('sinusoidal', '--dim', '8', '--positions', '1', '--layout', 'halves');
    expectNear(halves.values.table?.data, [0.841471, 0.099833, 0.01, 0.001, 0.540302, 0.995004, 0.99995, 1]);
    const t2t = await vectors('sinusoidal:layout=halves', '--dim=8', '--positions=1', '--exponent=tensor2tensor');
    expectNear(t2t.values.table?.data, [0.841471, 0.046399, 0.002154, 0.0001, 0.540302, 0.998923, 0.999998, 1]);
  });

  test('rotary: frequencies, cosines and sines of one head', async () => {
    const { options, positions, values } = await vectors(
      'rotary',
      '--dim',
      '64',
      '--base',
      '10000',
      '--positions',
      '0:16',
      '--json',
    );
    expect(options).toMatchObject({ headDim: 64, base: 10000, pairing: 'half' });
    expect(positions).toEqual(Array.from({ length: 16 }, (_, position) => position));
    expect([values.inverseFrequencies?.shape, values.cos?.shape, values.sin?.shape]).toEqual([
      [32],
      [16, 32],
      [16, 32],
    ]);
    expect(values.inverseFrequencies?.data[16]).toBeCloseTo(0.01, 15);
    expect(values.cos?.data[3 * 32]).toBeCloseTo(Math.cos(3), 15);
    expect(values.sin?.data[15 * 32 + 16]).toBeCloseTo(Math.sin(0.15), 15);
  });

  test('ALiBi: the slopes of 8 and of 12 heads, and the bias of each pair', async () => {
    const slopes = [0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625];
    const eight = await vectors('alibi', '--heads', '8', '--positions', '0,1,3');
    expect(eight.options).toMatchObject({ numHeads: 8, direction: 'causal' });
    expect(eight.values.slopes).toEqual({ shape: [8], data: slopes });
    expect(eight.values.bias?.shape).toEqual([8, 3, 3]);
    // Head 0, query at 3: keys at 0, 1 and 3.
    expect(eight.values.bias?.data.slice(6, 9)).toEqual([-1.5, -1, 0]);
    const twelve = await vectors('alibi', '--num-heads', '12', '--positions', '0:2');
    expectNear(twelve.values.slopes?.data, [...slopes, Math.SQRT1_2, 0.353553, 0.176777, 0.088388]);
    const both = await vectors('alibi:direction=left-right', '--heads', '2', '--positions', '0:2');
    expect(both.options).toMatchObject({ direction: 'left-right' });
  });

  test('T5: buckets for a causal decoder, and with --bidirectional for an encoder', async () => {
    const positions = [0, 16, 40, 64, 112];
    const causal = await vectors('t5', '--positions', positions.join());
    expect(causal.values.buckets?.shape).toEqual([5, 5]);
    // The last query, at 112: distances 112, 96, 72, 48 and 0 to the past.
    expect(causal.values.buckets?.data.slice(20)).toEqual([30, 29, 27, 24, 0]);
    const both = await vectors(
      't5',
      '--bidirectional',
      '--num-buckets',
      '32',
      '--max-distance',
      '128',
      '--positions',
      '0,8,64,128',
    );
    // The first query, at 0, looks ahead by 0, 8, 64 and 128; the last looks back.
    expect(both.values.buckets?.data.slice(0, 4)).toEqual([0, 24, 30, 31]);
    expect(both.values.buckets?.data.slice(12)).toEqual([15, 15, 14, 0]);
  });

  test('none and learned: nothing, and rows of a table', async () => {
    expect((await vectors('none', '--positions', '0:4')).values).toEqual({});
    const { options, values } = await vectors('learned', '--dim', '4', '--positions', '0,9');
    expect(options).toMatchObject({ dim: 4, maximumPositions: 10 });
    expect(values.indices).toEqual({ shape: [2], data: [0, 9] });
  });
});

describe('posenc vectors writes', () => {
  test('every number with all its digits', async () => {
    const { values } = await vectors('rotary', '--dim', '8', '--positions', '268435456');
    const { out } = await posenc([
      'vectors',
      'rotary',
      '--dim',
      '8',
      '--positions',
      '268435456',
      '--csv',
      '--value',
      'cos',
    ]);
    expect(out.trim().split('\n')[1]?.split(',').slice(1).map(Number)).toEqual(values.cos?.data);
  });

  test('CSV: one table for each value, axes counted in the first columns', async () => {
    const { out } = await posenc(['vectors', 'alibi', '--heads', '3', '--positions', '0:2', '--csv']);
    expect(out).toBe(
      'axis0,slopes\n0,0.0625\n1,0.00390625\n2,0.25\n' +
        '\naxis0,axis1,bias[0],bias[1]\n0,0,0,-0.0625\n0,1,-0.0625,0\n1,0,0,-0.00390625\n1,1,-0.00390625,0\n2,0,0,-0.25\n2,1,-0.25,0\n',
    );
  });

  test('a NumPy file that holds the same numbers', async () => {
    const path = join(folder, 'sin.npy');
    const argv = ['vectors', 'rotary', '--dim', '8', '--positions', '0:5', '--npy', '--value', 'sin'];
    expect(await posenc([...argv, '--output', path])).toMatchObject({ code: 0, out: '', err: '' });
    const { values } = await vectors('rotary', '--dim', '8', '--positions', '0:5');
    const file = await readFile(path);
    expect(readNpy(file)).toEqual({ shape: [5, 4], data: values.sin?.data });
    expect((await posenc(argv)).bytes.equals(file)).toBe(true);
    expect(await readdir(folder)).toEqual(['sin.npy']);
  });

  test('files relative to the working folder', async () => {
    await posenc(['vectors', 'none', '--output', 'none.json'], { cwd: folder });
    expect(JSON.parse(await readFile(join(folder, 'none.json'), 'utf8'))).toMatchObject({
      encoding: 'none',
      values: {},
    });
  });
});

describe('posenc vectors refuses, with exit code 2,', () => {
  test.each([
    [['rotery'], 'did you mean rotary?'],
    [[], "missing required argument 'encoding'"],
    [['rotary', '--bsae', '3'], 'Did you mean --base?'],
    [['sinusoidal', '--num-buckets', '4'], 'sinusoidal: expected one of layout, exponent, base, got numBuckets'],
    [['rotary', '--base', 'ten'], 'rotary: base: expected a number, got ten'],
    [['rotary', '--pairing', 'hlaf'], 'pairing: expected one of half, interleaved, got hlaf'],
    [['rotary:base=3', '--base', '4'], 'base is given twice'],
    [['rotary', '--dim', '7'], 'rotaryDim: expected an even number'],
    [['rotary', '--dim', '-8'], 'Expected an integer of at least 1'],
    [['rotary', '--positions', '3:1'], 'a stop after the start'],
    [['rotary', '--value', 'coss'], 'expected one of inverseFrequencies, cos, sin, got coss'],
    [['none', '--value', 'x'], 'none contributes no values'],
    [['none', '--npy'], 'none contributes no values'],
    [['rotary', '--npy'], 'give --value inverseFrequencies or --value cos or --value sin'],
    [['rotary', '--json', '--csv'], 'cannot be used with'],
    [['learned', '--maximum-positions', '4', '--positions', '4'], 'expected an integer from 0 to 3, got 4'],
    [['t5', '--positions', '0.5,1'], 't5: distance: expected an integer'],
    [['alibi', '--positions', '0:10000'], 'give fewer positions'],
    [['rotary', '--output', '/nowhere/at/all'], 'no such file or folder'],
  ])('%j', async (argv, message) => {
    const { code, out, err } = await posenc(['vectors', ...argv]);
    expect(err).toContain(message);
    expect(err).not.toContain('    at ');
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  test('binary data on a terminal', async () => {
    const argv = ['vectors', 'rotary', '--npy', '--value', 'cos'];
    expect(await posenc(argv, { isTTY: true })).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('--output'),
    });
  });
});

test('NumPy files of any shape are aligned and read back', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }), (shape) => {
      const size = shape.reduce((product, extent) => product * extent, 1);
      const data = Float64Array.from({ length: size }, (_, index) => Math.sin(index) / 3);
      expect(readNpy(encodeNpy(shape, data))).toEqual({ shape, data: [...data] });
    }),
  );
});

/** Reads version 1.0 of the format as NumPy's documentation describes it. */
function readNpy(bytes: Uint8Array): { readonly shape: number[]; readonly data: number[] } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  expect([...bytes.subarray(0, 8)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  const start = 10 + view.getUint16(8, true);
  expect(start % 64).toBe(0);
  const header = new TextDecoder('ascii').decode(bytes.subarray(10, start));
  const match = /^\{'descr': '<f8', 'fortran_order': False, 'shape': \((.*)\), \} *\n$/.exec(header);
  expect(match).not.toBeNull();
  const dimensions = match?.[1] ?? '';
  const shape = dimensions
    .split(',')
    .filter((text) => text.trim() !== '')
    .map(Number);
  if (shape.length === 1) expect(dimensions.endsWith(',')).toBe(true);
  const data = Array.from({ length: (bytes.length - start) / 8 }, (_, index) =>
    view.getFloat64(start + 8 * index, true),
  );
  return { shape, data };
}

describe('on grids', () => {
  test('every cell is listed, and the layout that is asked for is given', async () => {
    const blocks = await vectors('sinusoidal-grid', '--dim', '8', '--grid', '2x1');
    expect(blocks).toMatchObject({
      positions: [
        [0, 0],
        [1, 0],
      ],
      values: { table: { shape: [2, 8] } },
    });
    const data = blocks.values.table?.data ?? [];
    expect(data.slice(8).map((value) => Number(value.toFixed(6)))).toEqual([
      0.841471, 0.01, 0.540302, 0.99995, 0, 0, 1, 1,
    ]);
  });

  test('what reads a grid, or a graph, says so where it is given a list', async () => {
    for (const [name, message] of [
      ['swin', /swin reads 2 numbers per token; give --grid, as in --grid 7x7/],
      ['space-time', /reads 3 numbers per token; give --grid, as in --grid 4x7x7/],
      ['laplacian', /laplacian reads eigenvectors of a graph/],
    ] as const) {
      expect((await posenc(['vectors', name])).err).toMatch(message);
    }
    expect((await posenc(['vectors', 'swin', '--grid', '7'])).err).toContain(
      'expected two or three counts such as 7x7',
    );
  });
});
