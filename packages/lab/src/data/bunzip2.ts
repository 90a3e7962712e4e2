/** Unpacks bzip2, which R uses for data and Node has no reader for. Knows no other format. */
import { createRequire } from 'node:module';
import { DataError } from './data-error.ts';

/** What is used of npm `seek-bzip`, which has no types. */
interface Unpacker {
  decode(packed: Buffer, output: { writeByte(byte: number): void }): void;
}

const SIGNATURE = 'BZh';

/**
 * @param path names the file in errors
 * @param limit the most bytes that may come out
 * @throws {DataError} if the bytes are no bzip2, damaged, end early, or unpack to more than `limit`
 */
export function bunzip2(packed: Uint8Array, path: string, limit: number): Uint8Array {
  const damaged = (what: string, cause?: unknown): DataError =>
    new DataError(`${path}: not unpacked as bzip2: ${what}; fetch the file again`, { cause });
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  if (bytes.toString('latin1', 0, SIGNATURE.length) !== SIGNATURE) throw damaged('it does not begin as bzip2 does');
  const plain = new Uint8Array(limit);
  let length = 0;
  const output = {
    writeByte: (byte: number): void => {
      if (length === limit) throw damaged(`it holds more than expected, ${limit} bytes`);
      plain[length] = byte;
      length += 1;
    },
  };
  const { decode } = createRequire(import.meta.url)('seek-bzip') as Unpacker;
  try {
    decode(bytes, output);
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw damaged(error instanceof Error ? error.message : String(error), error);
  }
  return plain.subarray(0, length);
}
