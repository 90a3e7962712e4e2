/**
 * Byte-level byte-pair tokenizers as the `tokenizer.json` of Hugging Face `tokenizers`, which runs it in Python, Rust
 * and JavaScript. Knows nothing of how merges are learned.
 */
import type { Normalization } from './normalization.ts';

/** What a byte-level byte-pair tokenizer consists of. */
export interface Parts {
  readonly normalization: Normalization;
  readonly lowercase: boolean;
  /** Cuts texts into pieces; in the notation of Oniguruma. */
  readonly pattern: string;
  /** The special tokens, which are the first of `tokens`. */
  readonly special: readonly string[];
  readonly tokens: readonly string[];
  readonly merges: readonly (readonly [string, string])[];
}

/** The content of a `tokenizer.json`. */
export function writeJson({ normalization, lowercase, pattern, special, tokens, merges }: Parts): string {
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false };
  const content = {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map((name, id) => ({
      id,
      content: name,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: writeNormalizer(normalization, lowercase),
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [{ type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false }, byteLevel],
    },
    post_processor: null,
    decoder: byteLevel,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges,
    },
  };
  return `${JSON.stringify(content)}\n`;
}

/**
 * Σ is put in lower case by itself: Python's run of the file makes it σ everywhere, JavaScript's ς at the end of words.
 */
function writeNormalizer(normalization: Normalization, lowercase: boolean): object | null {
  const steps: object[] = normalization === 'none' ? [] : [{ type: normalization }];
  if (lowercase) steps.push({ type: 'Replace', pattern: { String: 'Σ' }, content: 'σ' }, { type: 'Lowercase' });
  return steps.length > 1 ? { type: 'Sequence', normalizers: steps } : (steps[0] ?? null);
}

/** Rules and merges of a file that `writeJson` may have written; whether it did is for the caller to compare. */
export function readParts(content: unknown): Pick<Parts, 'normalization' | 'lowercase' | 'merges'> | undefined {
  const { normalizer, model } = content as { normalizer?: unknown; model?: { type?: unknown; merges?: unknown } };
  if (model?.type !== 'BPE' || !isMerges(model.merges)) return undefined;
  for (const normalization of ['NFC', 'NFKC', 'none'] as const) {
    for (const lowercase of [false, true]) {
      const written = JSON.stringify(writeNormalizer(normalization, lowercase));
      if (written === JSON.stringify(normalizer)) return { normalization, lowercase, merges: model.merges };
    }
  }
  return undefined;
}

function isMerges(merges: unknown): merges is (readonly [string, string])[] {
  const isMerge = (merge: unknown): boolean =>
    Array.isArray(merge) && merge.length === 2 && merge.every((side) => typeof side === 'string');
  return Array.isArray(merges) && merges.every(isMerge);
}
