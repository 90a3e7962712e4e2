/** Writes SWORD modules for tests, packed by zlib as SWORD's own tools pack them. */
import { deflateSync } from 'node:zlib';
import { writeIn } from './temporary.ts';

const ZTEXT = 'usr/share/sword/modules/texts/ztext';

/**
 * A testament of a text module with `length` entries, of which those of `texts` have a text; every second one lies in a
 * second block.
 */
export function writeText(
  folder: string,
  module: string,
  testament: 'ot' | 'nt',
  length: number,
  texts: ReadonlyMap<number, string>,
): string {
  const blocks: [Buffer[], Buffer[]] = [[Buffer.from('\n')], [Buffer.from('\n')]];
  const entries = Buffer.alloc(length * 10);
  [...texts].forEach(([index, text], order) => {
    const number = order % 2;
    const block = blocks[number as 0 | 1];
    const bytes = Buffer.from(text);
    entries.writeUInt32LE(number, index * 10);
    entries.writeUInt32LE(Buffer.concat(block).length, index * 10 + 4);
    entries.writeUInt16LE(bytes.length, index * 10 + 8);
    block.push(bytes);
  });
  const plain = blocks.map((block) => Buffer.concat(block));
  const packed = plain.map((block) => deflateSync(block));
  const base = `${ZTEXT}/${module}/${testament}`;
  writeIn(folder, `${base}.bzs`, places(packed, plain));
  writeIn(folder, `${base}.bzv`, entries);
  return writeIn(folder, `${base}.bzz`, Buffer.concat(packed)).slice(0, -'.bzz'.length);
}

/** A dictionary module in blocks of 30 entries. */
export function writeDictionary(folder: string, name: string, entries: readonly (readonly [string, string])[]): string {
  const base = `usr/share/sword/modules/lexdict/zld/${name}/dict`;
  const keys: Buffer[] = [];
  const packed: Buffer[] = [];
  for (let start = 0; start < entries.length; start += 30) {
    const part = entries.slice(start, start + 30);
    const texts = part.map(([, text]) => Buffer.from(`${text}\0`));
    const head = Buffer.alloc(4 + 8 * part.length);
    head.writeUInt32LE(part.length, 0);
    let offset = head.length;
    part.forEach(([key], index) => {
      head.writeUInt32LE(offset, 4 + index * 8);
      head.writeUInt32LE((texts[index] as Buffer).length, 8 + index * 8);
      offset += (texts[index] as Buffer).length;
      const place = Buffer.alloc(8);
      place.writeUInt32LE(packed.length, 0);
      place.writeUInt32LE(index, 4);
      keys.push(Buffer.concat([Buffer.from(`${key}\r\n`), place]));
    });
    packed.push(deflateSync(Buffer.concat([head, ...texts])));
  }
  writeIn(folder, `${base}.idx`, places(keys));
  writeIn(folder, `${base}.dat`, Buffer.concat(keys));
  writeIn(folder, `${base}.zdx`, places(packed));
  return writeIn(folder, `${base}.zdt`, Buffer.concat(packed)).slice(0, -'.zdt'.length);
}

/** Offset and size of each piece; with `plain` also the size unpacked. */
function places(pieces: readonly Buffer[], plain?: readonly Buffer[]): Buffer {
  let offset = 0;
  return Buffer.concat(
    pieces.map((piece, index) => {
      const place = Buffer.alloc(plain === undefined ? 8 : 12);
      place.writeUInt32LE(offset, 0);
      place.writeUInt32LE(piece.length, 4);
      if (plain !== undefined) place.writeUInt32LE((plain[index] as Buffer).length, 8);
      offset += piece.length;
      return place;
    }),
  );
}
