/**
 * What a `tokenizer.json` says, and what of it `@huggingface/tokenizers` 0.2 runs as the original does. Knows no texts.
 */
import { DataError } from '../data-error.ts';

/** A part of a tokenizer: a normalizer, pre-tokenizer, post-processor or decoder. */
export interface Component {
  readonly type: string;
  readonly [setting: string]: unknown;
}

/** A token that is looked for in texts before they are cut. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly single_word: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  /** Whether it is looked for after normalization; by default if it is not special. */
  readonly normalized?: boolean | undefined;
  readonly special: boolean;
}

/** The content of a `tokenizer.json`. */
export interface Definition {
  readonly added_tokens: readonly AddedToken[];
  readonly normalizer?: Component | null | undefined;
  readonly pre_tokenizer?: Component | null | undefined;
  readonly post_processor?: Component | null | undefined;
  readonly decoder?: Component | null | undefined;
  readonly model: {
    readonly type: string;
    readonly vocab: Readonly<Record<string, number>> | readonly (readonly [string, number])[];
    readonly [setting: string]: unknown;
  };
}

/** The parts of a component in their order: itself, or those of a `Sequence`. */
export function partsOf(component: Component | null | undefined): Component[] {
  if (component === null || component === undefined) return [];
  if (component.type !== 'Sequence') return [component];
  const inner = component.normalizers ?? component.pretokenizers ?? [];
  return (inner as readonly Component[]).flatMap(partsOf);
}

/**
 * The pre-tokenizer with those parts written as a `Split` that `@huggingface/tokenizers` otherwise cuts differently from
 * the original: `Whitespace` and `Digits` there know ASCII only, and `Punctuation` takes runs for one sign.
 */
export function repairPreTokenizer(component: Component | null | undefined): Component | null {
  const parts = partsOf(component).map(repairPart);
  return parts.length > 0 ? { type: 'Sequence', pretokenizers: parts } : null;
}

/** Characters of words in the sense of Unicode Technical Standard #18, which Rust's regular expressions follow. */
const WORD = String.raw`\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\x{200C}\x{200D}`;

function repairPart(part: Component): Component {
  const split = (Regex: string, behavior = 'Isolated'): Component => ({
    type: 'Split',
    pattern: { Regex },
    behavior,
    invert: behavior === 'Removed',
  });
  if (part.type === 'Whitespace') return split(`[${WORD}]+|[^${WORD}\\s]+`, 'Removed');
  if (part.type === 'Digits') return split(part.individual_digits === true ? String.raw`\p{N}` : String.raw`\p{N}+`);
  if (part.type === 'Punctuation') return split(String.raw`[\p{P}!-/:-@\[-\x60{-~]`);
  return part;
}

/** @throws {DataError} if the file asks for something that `@huggingface/tokenizers` does not do, or does differently */
export function checkSupported({ model, pre_tokenizer }: Definition, source: string): void {
  const refuse = (what: string): never => {
    throw new DataError(`${source}: ${what}, which cannot be run here; train a tokenizer by leaving --tokenizer out`);
  };
  if (!['BPE', 'WordPiece', 'Unigram'].includes(model.type)) {
    refuse(`expected a model of type BPE, WordPiece or Unigram, got ${model.type}`);
  }
  if (Array.isArray(model.vocab) !== (model.type === 'Unigram')) refuse(`its vocabulary is not one of ${model.type}`);
  if (model.type === 'Unigram' && model.byte_fallback === true) refuse('its Unigram model falls back to bytes');
  if (model.type === 'BPE' && model.continuing_subword_prefix) refuse('its BPE model has a continuing_subword_prefix');
  for (const { type, behavior, invert } of partsOf(pre_tokenizer)) {
    const plain = ['Isolated', 'Removed', undefined];
    if (type === 'Split' && !plain.includes(behavior as string)) refuse(`its pre-tokenizer splits by ${behavior}`);
    if (type === 'Split' && invert === true && behavior !== 'Removed') refuse('its pre-tokenizer inverts a split');
    if (
      type === 'Punctuation' &&
      !plain
        .slice(0, 1)
        .concat(undefined)
        .includes(behavior as string)
    ) {
      refuse(`its pre-tokenizer takes punctuation ${behavior}`);
    }
  }
}
