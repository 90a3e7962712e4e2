/**
 * Windows of a text: the same last tokens after contexts of several lengths. Chooses them so that nothing is scored
 * twice and nothing that is also in a training text is scored. Knows nothing of where texts come from.
 */
import { orderByHash } from '../../data/hash.ts';
import { occurIn } from '../../data/passages.ts';
import { UNKNOWN_TOKEN } from '../../data/tokenizer.ts';
import { UNSCORED } from '../shared/batches.ts';
import type { Batch, LengthBucket } from '../task.ts';

/** A text as tokens. */
export interface Document {
  readonly name: string;
  readonly tokens: Uint16Array;
}

/** A text whose tokens are scored. */
export interface HeldOutDocument extends Document {
  /** How many characters each token stands for. */
  readonly characters: Uint16Array;
}

/** The tokens that end before `end` in a document; at length L the inputs are the L tokens before the last one. */
export interface Window<Text extends Document = Document> {
  readonly document: Text;
  readonly end: number;
}

/** The lengths of contexts, in tokens. */
export interface WindowLengths {
  readonly trained: number;
  /** At evaluation only the last tokens of a window are scored, so every one of them has as many or more before it. */
  readonly scored: number;
  readonly longest: number;
  /** The trained length first. */
  readonly buckets: readonly [LengthBucket, ...LengthBucket[]];
}

/** The lengths that are these multiples of the trained one; the first is 1. */
export function windowLengths(trained: number, multiples: readonly number[]): WindowLengths {
  const [first, ...rest] = multiples.map((times): LengthBucket => {
    const length = trained * times;
    const label = times === 1 ? `${length} (sliding window)` : `${length}`;
    return { label, minimum: length, maximum: length, trained: times === 1 };
  });
  const buckets = [first as LengthBucket, ...rest] as const;
  return {
    trained,
    scored: Math.floor(trained / 2),
    longest: Math.max(...buckets.map(({ maximum }) => maximum)),
    buckets,
  };
}

/** Windows, and how many were left out. */
export interface ChosenWindows {
  readonly windows: readonly Window<HeldOutDocument>[];
  /** Because their text is also in a training text. */
  readonly quoted: number;
  /** Because no scored token is known. */
  readonly unknown: number;
}

/**
 * Windows with `longest` tokens of context whose scored tokens do not overlap, in an order decided by their hashes. People
 * quote: a window whose last tokens, as many as the trained length, occur in a training text is left out.
 */
export function chooseWindows(
  train: readonly Document[],
  documents: readonly HeldOutDocument[],
  { trained, scored, longest }: Pick<WindowLengths, 'trained' | 'scored' | 'longest'>,
  count: number,
): ChosenWindows {
  const cut = documents.flatMap((document) => {
    const windows: Window<HeldOutDocument>[] = [];
    for (let end = longest + 1; end <= document.tokens.length; end += scored) windows.push({ document, end });
    return windows;
  });
  const all = cut.filter((window) => scoredTokens(window, scored).some((token) => token !== UNSCORED));
  const inTraining = occurIn(
    tokensOf(train),
    all.map(({ document, end }) => document.tokens.subarray(end - trained, end)),
  );
  const own = all.filter((_, index) => inTraining[index] === false);
  return {
    windows: orderByHash(own, ({ document, end }) => `${document.name} ${end}`).slice(0, count),
    quoted: all.length - own.length,
    unknown: cut.length - all.length,
  };
}

function* tokensOf(documents: readonly Document[]): Generator<Uint16Array> {
  for (const { tokens } of documents) yield tokens;
}

/** Training windows by number, over all places where `length` tokens have a next one. */
export function trainingWindows(
  documents: readonly Document[],
  length: number,
): { readonly count: number; window(index: number): Window } {
  const usable = documents.filter(({ tokens }) => tokens.length > length);
  // Sums of the places in all documents before each.
  const before = new Float64Array(usable.length);
  let count = 0;
  usable.forEach(({ tokens }, index) => {
    before[index] = count;
    count += tokens.length - length;
  });
  return {
    count,
    window: (index) => {
      let [low, high] = [0, usable.length - 1];
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if ((before[middle] as number) <= index) low = middle;
        else high = middle - 1;
      }
      const start = index - (before[low] as number);
      return { document: usable[low] as Document, end: start + length + 1 };
    },
  };
}

/** Contexts of `length` tokens; the labels are the next token at each of the last `scored` positions. */
export function collate(windows: readonly Window[], length: number, scored: number): Batch {
  const inputs = new Int32Array(windows.length * length);
  const labels = new Int32Array(windows.length * length).fill(UNSCORED);
  windows.forEach(({ document, end }, row) => {
    inputs.set(document.tokens.subarray(end - length - 1, end - 1), row * length);
    labels.set(scoredTokens({ document, end }, scored), (row + 1) * length - scored);
  });
  return {
    size: windows.length,
    target: { data: inputs, length, lengths: new Int32Array(windows.length).fill(length) },
    labels,
  };
}

/** The last `scored` tokens of a window, unknown ones replaced by −1. */
export function scoredTokens({ document, end }: Window, scored: number): Int32Array {
  return Int32Array.from(document.tokens.subarray(end - scored, end), (token) =>
    token === UNKNOWN_TOKEN ? UNSCORED : token,
  );
}

/** The characters of the scored tokens of a window; those of unknown ones do not count. */
export function scoredCharacters({ document, end }: Window<HeldOutDocument>, scored: number): number {
  let characters = 0;
  for (let place = end - scored; place < end; place += 1) {
    if (document.tokens[place] !== UNKNOWN_TOKEN) characters += document.characters[place] as number;
  }
  return characters;
}
