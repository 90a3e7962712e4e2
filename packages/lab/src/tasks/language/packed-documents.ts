/**
 * Documents one after the other in a single array: of a million short texts, arrays of their own would take several
 * times the memory. Knows no tokenizer and no text.
 */
import type { Document, HeldOutDocument } from './language-windows.ts';

const GROWTH = 1.5;

/** Arrays one after the other. */
class PackedNumbers {
  #all = new Uint16Array(1024);
  length = 0;

  append(numbers: Uint16Array): void {
    const end = this.length + numbers.length;
    if (end > this.#all.length) {
      const grown = new Uint16Array(Math.ceil(Math.max(end, this.#all.length * GROWTH)));
      grown.set(this.#all);
      this.#all = grown;
    }
    this.#all.set(numbers, this.length);
    this.length = end;
  }

  at(start: number, end: number): Uint16Array {
    return this.#all.subarray(start, end);
  }
}

/** A stretch of the arrays, seen anew whenever it is asked for. */
class PackedDocument implements Document {
  readonly name: string;
  readonly #tokens: PackedNumbers;
  protected readonly start: number;
  protected readonly end: number;

  constructor(name: string, tokens: PackedNumbers, start: number) {
    this.name = name;
    this.#tokens = tokens;
    this.start = start;
    this.end = tokens.length;
  }

  get tokens(): Uint16Array {
    return this.#tokens.at(this.start, this.end);
  }
}

class PackedHeldOutDocument extends PackedDocument implements HeldOutDocument {
  readonly #characters: PackedNumbers;

  constructor(name: string, tokens: PackedNumbers, characters: PackedNumbers, start: number) {
    super(name, tokens, start);
    this.#characters = characters;
  }

  get characters(): Uint16Array {
    return this.#characters.at(this.start, this.end);
  }
}

interface Named {
  readonly name: string;
}

/** Encodes every text once and keeps its tokens. */
export function packDocuments<Text extends Named>(
  texts: readonly Text[],
  encode: (text: Text, index: number) => Document['tokens'],
): Document[] {
  const tokens = new PackedNumbers();
  return texts.map((text, index) => {
    const start = tokens.length;
    tokens.append(encode(text, index));
    return new PackedDocument(text.name, tokens, start);
  });
}

/** Encodes every text once and keeps its tokens and how many characters each stands for. */
export function packHeldOut<Text extends Named>(
  texts: readonly Text[],
  encode: (text: Text, index: number) => Omit<HeldOutDocument, 'name'>,
): HeldOutDocument[] {
  const [tokens, characters] = [new PackedNumbers(), new PackedNumbers()];
  return texts.map((text, index) => {
    const start = tokens.length;
    const encoded = encode(text, index);
    tokens.append(encoded.tokens);
    characters.append(encoded.characters);
    return new PackedHeldOutDocument(text.name, tokens, characters, start);
  });
}
