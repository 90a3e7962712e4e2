/**
 * Checkpoints: named tensors and metadata in one safetensors file, written whole or not at all.
 *
 * Format: https://github.com/huggingface/safetensors (README, "Format", version 0.5): 8 bytes little-endian length of a
 * JSON header, the header {name: {dtype, shape, data_offsets}, __metadata__: {name: text}}, then the data.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PlainTensor } from 'posenc/tensor';
import { z } from 'zod';
import type { Tensors } from '../model/model.ts';

/** What a safetensors file holds. */
export interface SafeTensors {
  /** Written as float32. */
  readonly tensors: Tensors<PlainTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A file that is not what it should be; the message says where and what to do. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError';
}

const LENGTH_BYTES = 8;
/** The reference implementation's limit of a header. */
const LARGEST_HEADER = 100_000_000;

const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(z.int().min(0)),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});

/** The bytes of a safetensors file, tensors in float32, in the order given. */
export function encodeSafeTensors({ tensors, metadata }: SafeTensors): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + 4 * data.length] };
    offset += 4 * data.length;
  }
  const text = JSON.stringify(header);
  // Spaces align the data to 8 bytes, as the reference implementation does.
  const bytes = new TextEncoder().encode(text);
  const headerLength = Math.ceil(bytes.length / 8) * 8;
  const file = new Uint8Array(LENGTH_BYTES + headerLength + offset).fill(
    0x20,
    LENGTH_BYTES,
    LENGTH_BYTES + headerLength,
  );
  const view = new DataView(file.buffer);
  view.setBigUint64(0, BigInt(headerLength), true);
  file.set(bytes, LENGTH_BYTES);
  let at = LENGTH_BYTES + headerLength;
  for (const { data } of Object.values(tensors)) {
    for (const value of data) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return file;
}

/**
 * The contents of a safetensors file of float32 tensors.
 *
 * @param name - of the file, for messages
 * @throws {CheckpointError} when the bytes are cut off, not safetensors, or hold another type than F32
 */
export function decodeSafeTensors(file: Uint8Array, name: string): SafeTensors {
  const fail = (problem: string): never => {
    throw new CheckpointError(`${name}: expected a safetensors file, got ${problem}; delete it to start this run anew`);
  };
  if (file.length < LENGTH_BYTES) fail(`${file.length} bytes`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > Math.min(LARGEST_HEADER, file.length - LENGTH_BYTES)) {
    fail(`a header of ${headerLength} bytes in a file of ${file.length}`);
  }
  const header = parseHeader(file.subarray(LENGTH_BYTES, LENGTH_BYTES + headerLength), fail);
  const start = LENGTH_BYTES + headerLength;
  const tensors: Record<string, PlainTensor> = {};
  for (const [tensor, { dtype, shape, data_offsets }] of Object.entries(header.entries)) {
    const [from, to] = data_offsets;
    const size = shape.reduce((product, extent) => product * extent, 1);
    if (dtype !== 'F32') fail(`${tensor} of type ${dtype}`);
    if (to - from !== 4 * size || start + to > file.length) {
      fail(`${tensor} of shape [${shape.join(', ')}] at bytes ${from}–${to} of ${file.length - start}`);
    }
    const data = Float64Array.from({ length: size }, (_, index) => view.getFloat32(start + from + 4 * index, true));
    tensors[tensor] = { shape, data, type: 'real' };
  }
  return { tensors, metadata: header.metadata };
}

function parseHeader(bytes: Uint8Array, fail: (problem: string) => never) {
  try {
    const { __metadata__: metadata = {}, ...entries } = JSON.parse(new TextDecoder().decode(bytes)) as Record<
      string,
      unknown
    >;
    return {
      metadata: z.record(z.string(), z.string()).parse(metadata),
      entries: z.record(z.string(), entrySchema).parse(entries),
    };
  } catch (error) {
    return fail(
      `a header that cannot be read (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`,
    );
  }
}

/** Writes a file whole or not at all: to a temporary name beside it, to the disk, then renamed. */
export function writeCheckpoint(path: string, contents: SafeTensors): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = openSync(temporary, 'w');
    try {
      const bytes = encodeSafeTensors(contents);
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Reads a checkpoint; `undefined` when there is no such file.
 *
 * @throws {CheckpointError} when the file is damaged
 */
export function readCheckpoint(path: string): SafeTensors | undefined {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return decodeSafeTensors(bytes, path);
}

/** Removes a checkpoint that is no longer needed. */
export function removeCheckpoint(path: string): void {
  rmSync(path, { force: true });
}
