/**
 * A user's own tokenizer, run by `@huggingface/tokenizers` part by part so that the place of every token is known.
 * Knows no file format beyond what `definition.ts` says.
 */
import { DataError } from '../data-error.ts';
import { sectionFinder } from './added.ts';
import { checkId } from './byte-level.ts';
import { bytesOf, showBytes } from './bytes.ts';
import { checkSupported, type Definition, partsOf } from './definition.ts';
import { flattenNormalizers, makeRunner } from './hugging-face.ts';
import { type AlignedText, follow, originalRange } from './normalization.ts';
import { renumber } from './special.ts';
import { applyNormalizers, shifted } from './steps.ts';
import { FIRST_TEXT_ID, SPECIAL_IDS, type TextTokenizer } from './types.ts';
import { locateWord, type ModelRules, tokenRanges } from './words.ts';

const SPECIAL_TITLES = ['(padding)', '(begin)', '(end)', '(separator)'];

/** A token of the file with the part of a normalized text that it stands for. */
interface PlacedToken {
  readonly fileId: number | undefined;
  readonly aligned: AlignedText;
  readonly start: number;
  readonly end: number;
}

/**
 * @param json the content of the file, which `toJson` gives back
 * @throws {DataError} if the definition cannot be run
 */
export function loadedTokenizer(definition: Definition, json: string, source: string): TextTokenizer {
  checkSupported(definition, source);
  const fileIdOf = fileIds(definition);
  const nameOf = new Map(Array.from(fileIdOf, ([name, id]) => [id, name]));
  const unknown = unknownOf(definition, source);
  const { fileIds: fileIdsHere, ids: idHere } = renumber(fileIdOf, unknown);
  const special = new Set(definition.added_tokens.filter((token) => token.special).map(({ content }) => content));
  for (const fileId of fileIdsHere.slice(0, FIRST_TEXT_ID)) {
    if (fileId !== undefined) special.add(nameOf.get(fileId) as string);
  }
  if (unknown !== undefined) special.delete(unknown);
  const plain = definition.added_tokens.filter(({ content }) => !special.has(content) && content !== unknown);

  const runner = makeRunner(definition, special, plain, source);
  const { model } = runner;
  const normalizerTypes = partsOf(definition.normalizer).map(({ type }) => type);
  const normalizers = flattenNormalizers(runner.normalizer).map((one, index) => ({
    type: normalizerTypes[index] as string,
    run: one,
  }));
  const preTokenizers = partsOf(definition.pre_tokenizer).map(({ type }) => type);
  const isByteLevel = preTokenizers.includes('ByteLevel');
  const skipFirst = preTokenizers.includes('WhitespaceSplit');
  const rules = rulesOf(definition, unknown, (token) => model.tokens_to_ids.has(token));
  const findRaw = sectionFinder(
    plain.filter((token) => token.normalized === false),
    ({ content }) => content,
  );
  const findNormalized = sectionFinder(
    plain.filter((token) => token.normalized !== false),
    ({ content }) => applyNormalizers(content, normalizers, source).text,
  );

  const refuse = (piece: string): never => {
    throw new DataError(
      `${source}: cannot tell which part of ${JSON.stringify(piece.slice(0, 60))} its tokens stand for, or it has no ` +
        'token for a part of it; train a tokenizer by leaving --tokenizer out',
    );
  };

  function* placedTokens(text: string): Generator<PlacedToken> {
    let sectionIndex = 0;
    for (const { start, end, token } of findRaw(text)) {
      if (token === undefined) {
        const part = text.slice(start, end);
        const aligned = follow(
          start === 0 ? { text: part } : shifted(part, start),
          applyNormalizers(part, normalizers, source),
        );
        for (const section of findNormalized(aligned.text)) {
          if (section.token === undefined) yield* modelTokens(aligned, section.start, section.end, sectionIndex);
          else yield { fileId: section.token.id, aligned, start: section.start, end: section.end };
        }
      } else {
        yield { fileId: token.id, aligned: { text }, start, end };
      }
      sectionIndex++;
    }
  }

  function* modelTokens(aligned: AlignedText, start: number, end: number, section: number): Generator<PlacedToken> {
    const content = aligned.text.slice(start, end);
    let from = 0;
    for (const cut of runner.pre_tokenizer?.pre_tokenize(content, { section_index: section }) ?? [content]) {
      const word = locateWord(content, cut, from, isByteLevel, skipFirst) ?? refuse(cut);
      const tokens = model([word.text]);
      const ranges = tokenRanges(word.text, tokens, rules) ?? refuse(cut);
      for (const [at, [first, last]] of ranges.entries()) {
        yield {
          fileId: model.tokens_to_ids.get(tokens[at] as string) ?? model.unk_token_id,
          aligned,
          start: start + (word.starts[first] as number),
          end: start + (word.ends[last - 1] as number),
        };
      }
      from = word.after;
    }
  }

  return {
    vocabulary: fileIdsHere.length,
    ...SPECIAL_IDS,
    ...(unknown === undefined ? {} : { unknown: idHere.get(fileIdOf.get(unknown) as number) as number }),
    encode: (given) => {
      const text = given.toWellFormed();
      const ids: number[] = [];
      const starts: number[] = [];
      const ends: number[] = [];
      for (const { fileId, aligned, start, end } of placedTokens(text)) {
        const id = fileId === undefined ? undefined : idHere.get(fileId);
        const range = originalRange(aligned, start, end);
        ids.push(id ?? refuse(aligned.text.slice(start, end)));
        starts.push(range[0]);
        ends.push(range[1]);
      }
      return { ids: Int32Array.from(ids), starts: Int32Array.from(starts), ends: Int32Array.from(ends) };
    },
    decode: (ids) => {
      const fileIds = Array.from(ids, (id) => {
        checkId(id, fileIdsHere.length);
        return fileIdsHere[id];
      }).filter((id): id is number => id !== undefined && !special.has(nameOf.get(id) as string));
      return fileIds.length === 0 ? '' : runner.decode(fileIds, { clean_up_tokenization_spaces: false });
    },
    text: (id) => {
      checkId(id, fileIdsHere.length);
      const fileId = fileIdsHere[id];
      if (fileId === undefined) return SPECIAL_TITLES[id] as string;
      const name = nameOf.get(fileId) as string;
      const bytes = isByteLevel && !special.has(name) ? bytesOf(name) : undefined;
      return bytes === undefined ? name : showBytes(bytes);
    },
    toJson: () => `${json}\n`,
  };
}

function fileIds({ added_tokens, model }: Definition): Map<string, number> {
  const { vocab } = model;
  const entries = Array.isArray(vocab)
    ? (vocab as readonly (readonly [string, number])[]).map(([name], id) => [name, id] as const)
    : Object.entries(vocab as Readonly<Record<string, number>>);
  return new Map([...entries, ...added_tokens.map(({ content, id }) => [content, id] as const)]);
}

function unknownOf({ model }: Definition, source: string): string | undefined {
  const { vocab, unk_token, unk_id } = model;
  if (Array.isArray(vocab)) {
    const entry = typeof unk_id === 'number' ? (vocab[unk_id] as readonly [string, number] | undefined) : undefined;
    if (entry !== undefined) return entry[0];
    throw new DataError(`${source}: expected a Unigram model with an unk_id of its vocabulary, got ${String(unk_id)}`);
  }
  if (typeof unk_token === 'string' && Object.hasOwn(vocab, unk_token)) return unk_token;
  if (model.type === 'BPE') return undefined;
  throw new DataError(`${source}: expected a WordPiece model with an unk_token of its vocabulary, got ${unk_token}`);
}

function rulesOf({ model }: Definition, unknown: string | undefined, has: (token: string) => boolean): ModelRules {
  const text = (setting: unknown): string => (typeof setting === 'string' ? setting : '');
  return {
    type: model.type,
    unknown,
    fusesUnknown: model.type === 'Unigram' || model.fuse_unk === true,
    fallsBackToBytes: model.byte_fallback === true,
    continuingPrefix: model.type === 'WordPiece' ? text(model.continuing_subword_prefix) : '',
    endOfWordSuffix: text(model.end_of_word_suffix),
    has,
  };
}
