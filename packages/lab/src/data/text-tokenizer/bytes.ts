/**
 * Bytes written as visible characters, as GPT-2 and Hugging Face's `ByteLevel` do (Radford et al. 2019, "Language models
 * are unsupervised multitask learners", section 2.2), and where the bytes of a text lie in it. Knows no tokens.
 */

/** The character for each byte: printable ones of Latin-1 stand for themselves, the others for U+0100 and on. */
export const BYTE_CHARACTERS: readonly string[] = (() => {
  let extra = 0;
  return Array.from({ length: 256 }, (_, byte) => {
    const isPrintable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad);
    return String.fromCharCode(isPrintable ? byte : 0x100 + extra++);
  });
})();

const BYTES: ReadonlyMap<string, number> = new Map(BYTE_CHARACTERS.map((character, byte) => [character, byte]));

/** The bytes that `characters` stand for; undefined if one of them stands for none. */
export function bytesOf(characters: string): Uint8Array | undefined {
  const bytes = Array.from(characters, (character) => BYTES.get(character) ?? -1);
  return bytes.includes(-1) ? undefined : Uint8Array.from(bytes);
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** Bytes as text; those that are no UTF-8 become U+FFFD. */
export function decodeBytes(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Bytes as people read them: their text, or `\xE2\x82` where they are none. */
export function showBytes(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
  }
}

/** For every UTF-8 byte of a text without lone surrogates, the UTF-16 range of the character it is of. */
export interface ByteRanges {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

const encoder = new TextEncoder();

/** The bytes of `text` with the character that each is of. */
export function byteRanges(text: string): ByteRanges {
  const bytes = encoder.encode(text);
  const starts = new Int32Array(bytes.length);
  const ends = new Int32Array(bytes.length);
  let unit = 0;
  let byte = 0;
  for (const character of text) {
    const length = utf8Length(character.codePointAt(0) as number);
    starts.fill(unit, byte, byte + length);
    unit += character.length;
    ends.fill(unit, byte, byte + length);
    byte += length;
  }
  return { bytes, starts, ends };
}

/** How many bytes a code point takes in UTF-8. */
export function utf8Length(codePoint: number): 1 | 2 | 3 | 4 {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
