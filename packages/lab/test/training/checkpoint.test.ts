import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  CheckpointError,
  decodeSafeTensors,
  encodeSafeTensors,
  readCheckpoint,
  type SafeTensors,
  writeCheckpoint,
} from '../../src/training/checkpoint.ts';
import golden from '../fixtures/training.golden.json' with { type: 'json' };

const path = join(import.meta.dirname, '../fixtures/checkpoint.golden.safetensors');
const file = new Uint8Array(readFileSync(path));
const contents: SafeTensors = {
  tensors: Object.fromEntries(
    Object.entries(golden.checkpoint).map(([name, { shape, data }]) => [
      name,
      { shape, data: Float64Array.from(data), type: 'real' as const },
    ]),
  ),
  metadata: { note: 'ä ünicode', step: '12' },
};

describe('safetensors', () => {
  test('a file written by the safetensors package is read to the last bit', () => {
    const read = decodeSafeTensors(file, 'golden');
    expect(read.metadata).toEqual(contents.metadata);
    expect(Object.keys(read.tensors).sort()).toEqual(Object.keys(contents.tensors).sort());
    for (const [name, { shape, data }] of Object.entries(contents.tensors)) {
      expect(read.tensors[name]?.shape).toEqual(shape);
      expect(read.tensors[name]?.data).toEqual(data);
    }
  });

  test('what is written is read again, with an aligned header as the format asks', () => {
    const bytes = encodeSafeTensors(contents);
    expect(new DataView(bytes.buffer).getBigUint64(0, true) % 8n).toBe(0n);
    expect(decodeSafeTensors(bytes, 'own')).toEqual(contents);
  });

  test('damaged bytes give a CheckpointError and nothing else', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(255), fc.nat(file.length), (at, value, length) => {
        const damaged = file.slice(0, length);
        if (at < length) damaged[at] = value;
        try {
          decodeSafeTensors(damaged, 'damaged');
        } catch (error) {
          expect(error).toBeInstanceOf(CheckpointError);
        }
      }),
    );
    expect(() => decodeSafeTensors(file.slice(0, 100), 'cut')).toThrow(/cut: expected a safetensors file.*delete it/);
    expect(() => decodeSafeTensors(file.slice(0, -4), 'cut')).toThrow(CheckpointError);
  });
});

describe('checkpoint files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'posenc-checkpoint-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('are written whole, with their folder, and leave nothing else behind', () => {
    const target = join(folder, 'deep', 'run.safetensors');
    writeCheckpoint(target, contents);
    expect(readCheckpoint(target)).toEqual(contents);
    expect(readdirSync(join(folder, 'deep'))).toEqual(['run.safetensors']);
  });

  test('that are not there are undefined, and a failed write keeps the old one', () => {
    const target = join(folder, 'run.safetensors');
    expect(readCheckpoint(target)).toBeUndefined();
    writeCheckpoint(target, contents);
    const broken = { ...contents, tensors: { bad: { shape: [1], data: undefined as never, type: 'real' as const } } };
    expect(() => writeCheckpoint(target, broken)).toThrow();
    expect(existsSync(target)).toBe(true);
    expect(readCheckpoint(target)).toEqual(contents);
  });
});
