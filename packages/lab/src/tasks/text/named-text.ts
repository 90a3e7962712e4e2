/** Texts whose words carry tags of names. Knows no data, no tokens and no model. */
import { spansOf } from '../metrics/spans.ts';
import type { TaggedText, TaggedWord } from './tagged-text.ts';

/** A tagged text and the names in it as they are held out. */
export interface NamedText extends TaggedText {
  /** For each word, the name it belongs to, in lower case; absent outside names. */
  readonly names: readonly (string | undefined)[];
}

/** Words with spaces between them, and the names they make up. */
export function joinWords(tokens: readonly string[], tags: readonly string[]): Omit<NamedText, 'id'> {
  let start = 0;
  const words = tokens.map((token, at): TaggedWord => {
    const word = { start, end: start + token.length, tag: tags[at] as string, scored: true };
    start += token.length + 1;
    return word;
  });
  const names = new Array<string | undefined>(tokens.length).fill(undefined);
  for (const { start: from, end } of spansOf(tags)) {
    names.fill(tokens.slice(from, end).join(' ').toLowerCase(), from, end);
  }
  return { text: tokens.join(' '), words, names };
}

/** A row of tokens and tags, joined anew whenever it is asked for: the words of a million rows would not fit. */
export class NamedRow implements NamedText {
  readonly id: string;
  readonly group: string | undefined;
  readonly tokens: readonly string[];
  readonly tags: readonly string[];

  constructor({ id, group, tokens, tags }: Pick<NamedRow, 'id' | 'group' | 'tokens' | 'tags'>) {
    this.id = id;
    this.group = group;
    this.tokens = tokens;
    this.tags = tags;
  }

  get text(): string {
    return this.tokens.join(' ');
  }

  get words(): readonly TaggedWord[] {
    return joinWords(this.tokens, this.tags).words;
  }

  get names(): readonly (string | undefined)[] {
    return joinWords(this.tokens, this.tags).names;
  }
}

/** A text in which only some names count in scores, chosen anew whenever its words are asked for. */
export class PartlyScoredText implements NamedText {
  readonly of: NamedText;
  readonly counts: (name: string) => boolean;

  constructor(of: NamedText, counts: (name: string) => boolean) {
    this.of = of;
    this.counts = counts;
  }

  get id(): string {
    return this.of.id;
  }

  get text(): string {
    return this.of.text;
  }

  get names(): readonly (string | undefined)[] {
    return this.of.names;
  }

  get words(): readonly TaggedWord[] {
    const { names } = this;
    return this.of.words.map((word, at) => {
      const name = names[at];
      return name === undefined || this.counts(name) ? word : { ...word, scored: false };
    });
  }
}
