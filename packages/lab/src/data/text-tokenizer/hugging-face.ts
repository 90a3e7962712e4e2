/**
 * The parts of `@huggingface/tokenizers` that are used, with their types: those of the package name files without
 * endings, which TypeScript does not find in ES modules. Knows no numbers of tokens.
 */
import { Tokenizer } from '@huggingface/tokenizers';
import { DataError } from '../data-error.ts';
import { type Definition, repairPreTokenizer } from './definition.ts';

/** One normalizer. */
export interface Normalizer {
  readonly normalize: (text: string) => string;
  /** The parts of a sequence. */
  readonly normalizers?: readonly (Normalizer | null)[];
}

/** A tokenizer in its parts. */
export interface Runner {
  readonly normalizer: Normalizer | null;
  readonly pre_tokenizer: {
    readonly pre_tokenize: (text: string, options: { readonly section_index: number }) => string[];
  } | null;
  /** Gives the tokens of words, by name. */
  readonly model: ((words: readonly string[]) => string[]) & {
    readonly tokens_to_ids: ReadonlyMap<string, number>;
    readonly unk_token_id: number | undefined;
  };
  readonly decode: (ids: readonly number[], options: { readonly clean_up_tokenization_spaces: boolean }) => string;
}

/** Put before the names of special tokens while the model runs, so that no text makes them. */
const HIDDEN = '\uFFFF';

/**
 * The file as run: special tokens cannot come from text, and pre-tokenizers cut as the original does.
 * @param special names of special tokens
 * @param plain added tokens that are not special
 * @throws {DataError} if the file has a part that the package does not know
 */
export function makeRunner(
  definition: Definition,
  special: ReadonlySet<string>,
  plain: Definition['added_tokens'],
  source: string,
): Runner {
  const hide = (name: string): string => (special.has(name) ? HIDDEN + name : name);
  const { vocab } = definition.model;
  const hidden = Array.isArray(vocab)
    ? (vocab as readonly (readonly [string, number])[]).map(([name, score]) => [hide(name), score])
    : Object.fromEntries(Object.entries(vocab).map(([name, id]) => [hide(name), id]));
  try {
    return new Tokenizer(
      {
        ...definition,
        added_tokens: plain,
        normalizer: definition.normalizer ?? null,
        pre_tokenizer: repairPreTokenizer(definition.pre_tokenizer),
        post_processor: null,
        decoder: definition.decoder ?? null,
        model: { ...definition.model, vocab: hidden },
      },
      {},
    ) as unknown as Runner;
  } catch (error) {
    throw new DataError(`${source}: @huggingface/tokenizers cannot run it: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** The normalizers of a runner one by one, without those that are sequences. */
export function flattenNormalizers(normalizer: Normalizer | null): Normalizer[] {
  if (normalizer === null) return [];
  return normalizer.normalizers?.flatMap(flattenNormalizers) ?? [normalizer];
}
