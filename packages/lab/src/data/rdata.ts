/**
 * Reads data that R has saved: `.rda` files and the lazy-load pairs `.rdx` and `.rdb` of installed packages, in the
 * binary big-endian form ("R Internals", section 1.8: Serialization Formats) of versions 2 and 3, packed or not. Vectors,
 * lists and their attributes are read; functions, environments and the like are not. Knows nothing of what the data is.
 */
import { gunzipSync, inflateSync } from 'node:zlib';
import { bunzip2 } from './bunzip2.ts';
import { DataError } from './data-error.ts';
import { readFileBytes } from './read-file.ts';

/** A value of R with its attributes, among them `names`, `dim`, `dimnames`, `class` and `tsp`. */
export type RValue = {
  readonly attributes: Readonly<Record<string, RValue>>;
} & (
  | { readonly type: 'null' | 'object' }
  /** Logicals are 0 and 1; what is not available is NaN. */
  | { readonly type: 'logical' | 'integer' | 'double'; readonly values: Float64Array }
  | { readonly type: 'character'; readonly values: readonly (string | null)[] }
  | { readonly type: 'raw'; readonly values: Uint8Array }
  | { readonly type: 'symbol'; readonly name: string }
  | { readonly type: 'list'; readonly values: readonly RValue[] }
);

/** The most bytes that a file may unpack to; known ones have 2 MB. */
const LARGEST = 256 * 2 ** 20;
const ADVICE = 'the file is damaged or holds more than data; fetch it again';

/**
 * The objects saved in an `.rda` file, by name.
 * @throws {DataError} if the file cannot be read, or is not what this reader knows
 */
export function readRda(path: string): Map<string, RValue> {
  const bytes = unpack(readFileBytes(path), path);
  const start = bytes.toString('latin1', 0, 5);
  if (start !== 'RDX2\n' && start !== 'RDX3\n') {
    throw new DataError(`${path}: expected a file saved by R (RDX2 or RDX3), got one that begins otherwise; ${ADVICE}`);
  }
  return namedValues(unserialize(bytes.subarray(5), path), path);
}

/**
 * One object of a lazy-load pair.
 * @param base path of the two files without `.rdx` and `.rdb`
 * @throws {DataError} if a file cannot be read, or there is no such object
 */
export function readLazyLoaded(base: string, name: string): RValue {
  const index = namedValues(
    unserialize(unpack(readFileBytes(`${base}.rdx`), `${base}.rdx`), `${base}.rdx`),
    `${base}.rdx`,
  );
  const variables = index.get('variables');
  const places = variables === undefined ? new Map<string, RValue>() : namedValues(variables, `${base}.rdx`);
  const place = places.get(name);
  if (place === undefined || place.type !== 'integer' || place.values.length !== 2) {
    throw new DataError(`${base}.rdx: expected an object ${name}, got ${[...places.keys()].join(', ') || 'none'}`);
  }
  const [offset, length] = place.values as unknown as [number, number];
  const bytes = readFileBytes(`${base}.rdb`);
  if (offset + length > bytes.length || length < 5) {
    throw new DataError(`${base}.rdb: expected at least ${offset + length} bytes, got ${bytes.length}; ${ADVICE}`);
  }
  // Four bytes tell the size when unpacked.
  const value = unpack(bytes.subarray(offset + 4, offset + length), `${base}.rdb`);
  if (value.length !== bytes.readUInt32BE(offset)) {
    throw new DataError(
      `${base}.rdb: ${name}: expected ${bytes.readUInt32BE(offset)} bytes, got ${value.length}; ${ADVICE}`,
    );
  }
  return unserialize(value, `${base}.rdb`);
}

/** The elements of a list by their names. */
export function namedValues(list: RValue, path: string): Map<string, RValue> {
  const names = list.attributes.names;
  if (list.type !== 'list' || names?.type !== 'character' || names.values.length !== list.values.length) {
    throw new DataError(`${path}: expected a list with names, got ${list.type}; ${ADVICE}`);
  }
  return new Map(list.values.map((value, index) => [names.values[index] ?? '', value]));
}

function unpack(bytes: Buffer, path: string): Buffer {
  const options = { maxOutputLength: LARGEST };
  try {
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return gunzipSync(bytes, options);
    if (bytes[0] === 0x78) return inflateSync(bytes, options);
  } catch (error) {
    throw new DataError(`${path}: cannot be unpacked: ${(error as Error).message}; ${ADVICE}`, { cause: error });
  }
  if (bytes[0] === 0x42 && bytes[1] === 0x5a) return Buffer.from(bunzip2(bytes, path, LARGEST));
  if (bytes[0] === 0xfd && bytes[1] === 0x37) {
    throw new DataError(`${path}: expected gzip or bzip2, got xz; unpack it with \`xz -d\` first`);
  }
  return bytes;
}

const NONE = {} as const;
const NULL: RValue = { type: 'null', attributes: NONE };
const NOT_AVAILABLE = -(2 ** 31);
/** Types that stand for nothing, or for one of R’s own environments. */
const EMPTY_TYPES: ReadonlySet<number> = new Set([254, 253, 252, 251, 250, 242, 241]);

function unserialize(bytes: Buffer, path: string): RValue {
  const reader = new Reader(bytes, path);
  const value = reader.start();
  reader.end();
  return value;
}

/** Reads one serialised value from the front on. */
class Reader {
  readonly #bytes: Buffer;
  readonly #path: string;
  readonly #references: RValue[] = [];
  #at = 0;
  #depth = 0;

  constructor(bytes: Buffer, path: string) {
    this.#bytes = bytes;
    this.#path = path;
  }

  start(): RValue {
    if (this.#take(2).toString('latin1') !== 'X\n') throw this.#wrong('expected R’s binary form XDR');
    const version = this.#integer();
    if (version !== 2 && version !== 3) throw this.#wrong(`expected serialisation version 2 or 3, got ${version}`);
    this.#take(8); // versions of R
    if (version === 3) this.#take(this.#integer()); // name of the encoding
    return this.#value();
  }

  end(): void {
    const rest = this.#bytes.length - this.#at;
    if (rest > 0) throw this.#wrong(`expected the end, got ${rest} bytes more`);
  }

  #wrong(what: string): DataError {
    return new DataError(`${this.#path}: byte ${this.#at} of the unpacked data: ${what}; ${ADVICE}`);
  }

  #take(count: number): Buffer {
    if (count < 0 || this.#at + count > this.#bytes.length) throw this.#wrong(`expected ${count} bytes more`);
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }

  #integer(): number {
    return this.#take(4).readInt32BE(0);
  }

  #length(): number {
    const length = this.#integer();
    if (length < 0) throw this.#wrong('vectors of 2^31 elements or more are not read');
    return length;
  }

  #value(): RValue {
    if (++this.#depth > 1000) throw this.#wrong('expected at most 1000 values inside each other');
    const value = this.#ofType(this.#integer());
    this.#depth--;
    return value;
  }

  /** The value that begins with `flags`: its type, and whether attributes and a tag follow. */
  #ofType(flags: number): RValue {
    const [type, hasAttributes, hasTag] = [flags & 0xff, (flags & 0x200) !== 0, (flags & 0x400) !== 0];
    if (EMPTY_TYPES.has(type)) return NULL;
    const finish = <Value extends object>(value: Value): Value & { attributes: Readonly<Record<string, RValue>> } => ({
      ...value,
      attributes: hasAttributes ? this.#attributes() : NONE,
    });
    switch (type) {
      case 255: {
        const index = flags >>> 8 || this.#integer();
        const value = this.#references[index - 1];
        if (value === undefined) throw this.#wrong(`reference ${index} leads nowhere`);
        return value;
      }
      case 1: {
        const symbol: RValue = { type: 'symbol', name: this.#string() ?? 'NA', attributes: NONE };
        this.#references.push(symbol);
        return symbol;
      }
      case 2:
        return this.#pairs(hasAttributes, hasTag);
      case 9:
        throw this.#wrong('a string stands outside of a vector');
      case 10:
      case 13: {
        const length = this.#length();
        const bytes = this.#take(length * 4);
        const values = Float64Array.from({ length }, (_, index) => {
          const value = bytes.readInt32BE(index * 4);
          return value === NOT_AVAILABLE ? Number.NaN : value;
        });
        return finish({ type: type === 10 ? 'logical' : 'integer', values } as const);
      }
      case 14: {
        const length = this.#length();
        const bytes = this.#take(length * 8);
        return finish({
          type: 'double',
          values: Float64Array.from({ length }, (_, index) => bytes.readDoubleBE(index * 8)),
        } as const);
      }
      case 16: {
        const values = Array.from({ length: this.#length() }, () => this.#string());
        return finish({ type: 'character', values } as const);
      }
      case 19:
      case 20: {
        const values = Array.from({ length: this.#length() }, () => this.#value());
        return finish({ type: 'list', values } as const);
      }
      case 24:
        return finish({ type: 'raw', values: Uint8Array.from(this.#take(this.#length())) } as const);
      case 25:
        return finish({ type: 'object' } as const);
      case 238:
        return this.#compact();
      default:
        throw this.#wrong(`expected a vector or a list, got R’s type ${type}`);
    }
  }

  /** One string of a vector, or the name of a symbol. */
  #string(): string | null {
    const flags = this.#integer();
    if ((flags & 0xff) !== 9) throw this.#wrong(`expected a string, got R’s type ${flags & 0xff}`);
    const length = this.#integer();
    if (length === -1) return null;
    // Bit 2 of the level marks Latin-1; all others are UTF-8 or ASCII.
    return this.#take(length).toString(((flags >>> 12) & 4) === 0 ? 'utf8' : 'latin1');
  }

  /** A linked list as a list with names. */
  #pairs(firstHasAttributes: boolean, firstHasTag: boolean): RValue {
    const names: string[] = [];
    const values: RValue[] = [];
    let attributes: Readonly<Record<string, RValue>> = NONE;
    for (let hasAttributes = firstHasAttributes, hasTag = firstHasTag; ; ) {
      if (hasAttributes) attributes = this.#attributes();
      const tag = hasTag ? this.#value() : NULL;
      names.push(tag.type === 'symbol' ? tag.name : '');
      values.push(this.#value());
      const flags = this.#integer();
      if ((flags & 0xff) === 254) break;
      if ((flags & 0xff) !== 2) {
        // A pair whose second half is no list.
        names.push('');
        values.push(this.#ofType(flags));
        break;
      }
      hasAttributes = (flags & 0x200) !== 0;
      hasTag = (flags & 0x400) !== 0;
    }
    const named: RValue = { type: 'character', values: names, attributes: NONE };
    return { type: 'list', values, attributes: { ...attributes, names: named } };
  }

  #attributes(): Readonly<Record<string, RValue>> {
    const list = this.#value();
    return list.type === 'null' ? NONE : Object.fromEntries(namedValues(list, this.#path));
  }

  /** Vectors that version 3 stores by a rule: sequences, and vectors with notes about them. */
  #compact(): RValue {
    const [info, state, attributes] = [this.#value(), this.#value(), this.#value()] as [RValue, RValue, RValue];
    const name = info.type === 'list' && info.values[0]?.type === 'symbol' ? info.values[0].name : 'unknown';
    const own = attributes.type === 'null' ? NONE : Object.fromEntries(namedValues(attributes, this.#path));
    if ((name === 'compact_intseq' || name === 'compact_realseq') && state.type === 'double') {
      const [length = 0, first = 0, step = 0] = state.values;
      const values = Float64Array.from({ length }, (_, index) => first + index * step);
      return { type: name === 'compact_intseq' ? 'integer' : 'double', values, attributes: own };
    }
    if (name.startsWith('wrap_') && state.type === 'list' && state.values[0] !== undefined) {
      const inner = state.values[0];
      return { ...inner, attributes: { ...inner.attributes, ...own } };
    }
    throw this.#wrong(`expected a vector, got R’s ${name}`);
  }
}
