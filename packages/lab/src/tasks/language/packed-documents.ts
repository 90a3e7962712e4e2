/** Documents in a single array. Knows no tokenizer and no text. */
import { GrowingNumbers } from '../shared/growing-numbers.ts';
import type { Document, HeldOutDocument } from './language-windows.ts';

type Tokens = GrowingNumbers<Uint16Array>;

/** A stretch of the arrays, seen anew whenever it is asked for. */
class PackedDocument implements Document {
  readonly name: string;
  readonly #tokens: Tokens;
  protected readonly start: number;
  protected readonly end: number;

  constructor(name: string, tokens: Tokens, start: number) {
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
  readonly #characters: Tokens;

  constructor(name: string, tokens: Tokens, characters: Tokens, start: number) {
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
  const tokens = growing();
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
  const [tokens, characters] = [growing(), growing()];
  return texts.map((text, index) => {
    const start = tokens.length;
    const encoded = encode(text, index);
    tokens.append(encoded.tokens);
    characters.append(encoded.characters);
    return new PackedHeldOutDocument(text.name, tokens, characters, start);
  });
}

function growing(): Tokens {
  return new GrowingNumbers((length) => new Uint16Array(length));
}
