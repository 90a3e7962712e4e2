/** Reads a user's own `tokenizer.json`. Knows nothing of how its tokens are made. */
import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { DataError } from '../data-error.ts';
import { byteLevelTokenizer, LARGEST_VOCABULARY } from './byte-level.ts';
import type { Definition } from './definition.ts';
import { readParts } from './json.ts';
import { loadedTokenizer } from './loaded.ts';
import type { TextTokenizer } from './types.ts';

/** A larger file holds a far larger vocabulary than small models can use. */
const LARGEST_FILE = 128 * 2 ** 20;

const component = z.looseObject({ type: z.string() }).nullish();
const schema = z.looseObject({
  added_tokens: z
    .array(
      z.looseObject({
        id: z.int().min(0),
        content: z.string().min(1),
        single_word: z.boolean().default(false),
        lstrip: z.boolean().default(false),
        rstrip: z.boolean().default(false),
        normalized: z.boolean().optional(),
        special: z.boolean().default(false),
      }),
    )
    .default([]),
  normalizer: component,
  pre_tokenizer: component,
  post_processor: component,
  decoder: component,
  model: z.looseObject({
    type: z.string(),
    vocab: z.union([z.record(z.string(), z.int().min(0)), z.array(z.tuple([z.string(), z.number()]))]),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])).optional(),
  }),
});

/**
 * The tokenizer of a `tokenizer.json` of Hugging Face `tokenizers`: byte-pair, WordPiece or Unigram. Its numbers are
 * changed so that padding is 0, begin 1, end 2 and separator 3; the other tokens follow in the order of the file. A
 * special token is found by its usual names (`[PAD]`, `<pad>`; `[CLS]`, `<s>`, `<bos>`; `[SEP]`, `</s>`, `<eos>`, …) and
 * is a new token where the file has none. What the file says of truncation, padding and special tokens around a text
 * (`post_processor`) is not applied: lengths and special tokens are the task's.
 * @throws {DataError} if there is no such file, it is no tokenizer, it has more than 65,536 tokens, or it does something
 * of which `@huggingface/tokenizers` makes no sense
 */
export function loadTextTokenizer(path: string): TextTokenizer {
  const content = parseJson(path, readText(path));
  const parsed = schema.safeParse(content);
  if (!parsed.success) throw notATokenizer(path, content, parsed.error);
  const definition: Definition = parsed.data;
  const tokens = Array.isArray(definition.model.vocab)
    ? definition.model.vocab.length
    : Object.keys(definition.model.vocab).length;
  if (tokens > LARGEST_VOCABULARY) {
    throw new DataError(
      `${path}: expected at most ${LARGEST_VOCABULARY.toLocaleString('en')} tokens, got ` +
        `${tokens.toLocaleString('en')}: too many for a model as small as those compared here; ` +
        'train one on your texts instead by leaving --tokenizer out',
    );
  }
  return ownTokenizer(content) ?? loadedTokenizer(definition, JSON.stringify(content), path);
}

/** The tokenizer of a file that `TextTokenizer.toJson` of a trained one wrote. */
function ownTokenizer(content: unknown): TextTokenizer | undefined {
  const parts = readParts(content);
  if (parts === undefined) return undefined;
  const tokenizer = byteLevelTokenizer(parts, parts.merges);
  return JSON.stringify(JSON.parse(tokenizer.toJson())) === JSON.stringify(content) ? tokenizer : undefined;
}

function readText(path: string): string {
  if (path.includes('\0')) throw new DataError('expected the path of a tokenizer.json, got one with a NUL character');
  try {
    const status = statSync(path);
    if (status.isDirectory()) throw new DataError(`${path}: expected a tokenizer.json, got a directory`);
    if (status.size > LARGEST_FILE) {
      const [found, largest] = [status.size, LARGEST_FILE].map((bytes) => `${Math.round(bytes / 2 ** 20)} MiB`);
      throw new DataError(`${path}: expected a tokenizer.json of at most ${largest}, got ${found}`);
    }
    const bytes = readFileSync(path);
    if (!isUtf8(bytes)) throw new DataError(`${path}: expected a tokenizer.json in UTF-8, got bytes that are no UTF-8`);
    return bytes.toString('utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof DataError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new DataError(`${path}: no such file`, { cause: error });
    throw new DataError(`${path}: cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DataError(
      `${path}: expected a tokenizer.json, got a file that is not JSON: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}

function notATokenizer(path: string, content: unknown, error: z.ZodError): DataError {
  const model = (content as { model?: unknown } | null)?.model;
  if (typeof model !== 'object' || model === null) {
    return new DataError(
      `${path}: expected a tokenizer.json with a "model", got JSON without one; vocab.json and tokenizer_config.json ` +
        'are other files of the same folder',
    );
  }
  const [issue] = error.issues;
  return new DataError(
    `${path}: not a tokenizer.json of Hugging Face tokenizers: ${issue?.path.join('.')}: ${issue?.message}`,
  );
}
