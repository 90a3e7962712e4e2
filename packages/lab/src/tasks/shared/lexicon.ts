/**
 * Which tokens of one language translate those of another, learned from pairs of sentences as bags of tokens: the first
 * of IBM's models. What a translation without any sense of order can do, as a baseline for models that have one. Knows
 * no task, and of tokens their numbers only.
 */

/** A sentence and its translation, as token numbers from 0 up; each side has numbers of its own. */
export interface TokenPair {
  readonly source: ArrayLike<number>;
  readonly target: ArrayLike<number>;
}

/** Translation probabilities: sparse rows, one for each source token, of the target tokens seen in a pair with it. */
export interface Lexicon {
  /** Row s is from `rowStarts[s]` up to, not including, `rowStarts[s + 1]` [S + 1]. */
  readonly rowStarts: Int32Array;
  /** Target tokens of the rows, ascending within each. */
  readonly targets: Int32Array;
  /** p(target | source) of the entries of `targets`; a row sums to 1. */
  readonly probabilities: Float64Array;
  /** p(target | null): of tokens that translate no token of the source [T]; sums to 1. */
  readonly nullProbabilities: Float64Array;
}

/** Pairs as flat arrays. */
interface Corpus {
  /** Tokens of all targets, one after the other. */
  readonly tokens: Int32Array;
  /** Where the target of each pair starts in `tokens` [pairs + 1]. */
  readonly starts: Int32Array;
  readonly targetSize: number;
  /** The pairs in which source token s occurs, once for each time: from `seenStarts[s]` to `seenStarts[s + 1]`. */
  readonly seen: Int32Array;
  readonly seenStarts: Int32Array;
  readonly sourceSize: number;
}

const ITERATIONS = 5;

/**
 * IBM model 1 (Brown et al. 1993, "The mathematics of statistical machine translation: parameter estimation", section
 * 4.1), trained by expectation maximisation from equal probabilities, with the null word. Time per iteration:
 * Σ |source| · |target|.
 * @throws {RangeError} if there is no target token, or a token is no whole number from 0 up
 */
export function trainLexicon(pairs: readonly TokenPair[], iterations = ITERATIONS): Lexicon {
  const corpus = corpusOf(pairs);
  const { tokens, starts, targetSize, seen, seenStarts, sourceSize } = corpus;
  const { rowStarts, targets } = rowsOf(corpus);
  const probabilities = new Float64Array(targets.length).fill(1 / targetSize);
  const nullProbabilities = new Float64Array(targetSize);
  for (const token of tokens) nullProbabilities[token] = 1 / targetSize;

  const totals = new Float64Array(tokens.length);
  // The row at work, by target token.
  const row = new Float64Array(targetSize);
  for (let iteration = 0; iteration < iterations; iteration++) {
    // What each target token may come from, in sum: Σ_s p(t | s) over its source sentence and the null word.
    for (let at = 0; at < tokens.length; at++) totals[at] = nullProbabilities[tokens[at] as number] as number;
    for (let source = 0; source < sourceSize; source++) {
      const [from, to] = [rowStarts[source] as number, rowStarts[source + 1] as number];
      for (let cell = from; cell < to; cell++) row[targets[cell] as number] = probabilities[cell] as number;
      for (let place = seenStarts[source] as number; place < (seenStarts[source + 1] as number); place++) {
        const pair = seen[place] as number;
        const end = starts[pair + 1] as number;
        for (let at = starts[pair] as number; at < end; at++) {
          totals[at] = (totals[at] as number) + (row[tokens[at] as number] as number);
        }
      }
    }
    // Expected counts p(t | s) · Σ 1 / total over the times s and t are in one pair, then shares of each row.
    const shares = totals.map((total) => 1 / total);
    for (let source = 0; source < sourceSize; source++) {
      const [from, to] = [rowStarts[source] as number, rowStarts[source + 1] as number];
      for (let cell = from; cell < to; cell++) row[targets[cell] as number] = 0;
      for (let place = seenStarts[source] as number; place < (seenStarts[source + 1] as number); place++) {
        const pair = seen[place] as number;
        addShares(row, tokens, shares, starts[pair] as number, starts[pair + 1] as number);
      }
      for (let cell = from; cell < to; cell++) {
        probabilities[cell] = (probabilities[cell] as number) * (row[targets[cell] as number] as number);
      }
      normalize(probabilities.subarray(from, to));
    }
    row.fill(0);
    addShares(row, tokens, shares, 0, tokens.length);
    row.forEach((share, token) => {
      nullProbabilities[token] = (nullProbabilities[token] as number) * share;
    });
    normalize(nullProbabilities);
  }
  return { rowStarts, targets, probabilities, nullProbabilities };
}

/** p(target | source), or p(target | null word) for `null`; 0 for tokens never seen together. */
export function translationProbability(lexicon: Lexicon, target: number, source: number | null): number {
  const { rowStarts, targets, probabilities, nullProbabilities } = lexicon;
  if (source === null) return nullProbabilities[target] ?? 0;
  let low = rowStarts[source] ?? 0;
  const end = rowStarts[source + 1] ?? 0;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((targets[middle] as number) < target) low = middle + 1;
    else high = middle;
  }
  return low < end && targets[low] === target ? (probabilities[low] as number) : 0;
}

/** The likeliest translation of a source token, of equally likely ones the smallest; undefined if it was never seen. */
export function bestTranslation({ rowStarts, targets, probabilities }: Lexicon, source: number): number | undefined {
  let best = rowStarts[source] ?? 0;
  const end = rowStarts[source + 1] ?? 0;
  if (best >= end) return undefined;
  for (let cell = best + 1; cell < end; cell++) {
    if ((probabilities[cell] as number) > (probabilities[best] as number)) best = cell;
  }
  return targets[best];
}

/**
 * The likeliest translation of each token, in the order of the source: the order is not the lexicon's, which has none.
 * @param unseen what becomes of tokens never seen: copied, where both sides share their token numbers, or left out
 */
export function translateTokens(lexicon: Lexicon, source: ArrayLike<number>, unseen: 'copy' | 'leave-out'): number[] {
  return Array.from(source).flatMap((token) => {
    const translation = bestTranslation(lexicon, token) ?? (unseen === 'copy' ? token : undefined);
    return translation === undefined ? [] : [translation];
  });
}

/**
 * For each target token the index of the source token that it most likely translates, −1 for the null word. Of equally
 * likely source tokens, the last; a source token goes before the null word.
 */
export function alignTokens(lexicon: Lexicon, { source, target }: TokenPair): Int32Array {
  return Int32Array.from(Array.from(target), (token) => {
    let best = -1;
    let most = translationProbability(lexicon, token, null);
    for (let index = 0; index < source.length; index++) {
      const probability = translationProbability(lexicon, token, source[index] as number);
      if (probability >= most && probability > 0) [best, most] = [index, probability];
    }
    return best;
  });
}

/** Adds what falls to each target token from `from` up to, not including, `to`. */
function addShares(row: Float64Array, tokens: Int32Array, shares: Float64Array, from: number, to: number): void {
  for (let at = from; at < to; at++) {
    const token = tokens[at] as number;
    row[token] = (row[token] as number) + (shares[at] as number);
  }
}

function normalize(values: Float64Array): void {
  let sum = 0;
  for (const value of values) sum += value;
  for (let index = 0; index < values.length; index++) values[index] = (values[index] as number) / sum;
}

function corpusOf(pairs: readonly TokenPair[]): Corpus {
  const starts = new Int32Array(pairs.length + 1);
  let [sourceSize, targetSize, sourceCount] = [0, 0, 0];
  pairs.forEach(({ source, target }, pair) => {
    starts[pair + 1] = (starts[pair] as number) + target.length;
    sourceCount += source.length;
    sourceSize = Math.max(sourceSize, sizeOf(source, pair, 'source'));
    targetSize = Math.max(targetSize, sizeOf(target, pair, 'target'));
  });
  if (targetSize === 0) {
    throw new RangeError(`trainLexicon: expected at least one target token, got none in ${pairs.length} pairs`);
  }
  const tokens = new Int32Array(starts[pairs.length] as number);
  const seenStarts = new Int32Array(sourceSize + 1);
  pairs.forEach(({ source, target }, pair) => {
    tokens.set(target, starts[pair] as number);
    for (let index = 0; index < source.length; index++) {
      const after = (source[index] as number) + 1;
      seenStarts[after] = (seenStarts[after] as number) + 1;
    }
  });
  for (let token = 0; token < sourceSize; token++) {
    seenStarts[token + 1] = (seenStarts[token + 1] as number) + (seenStarts[token] as number);
  }
  const seen = new Int32Array(sourceCount);
  const next = seenStarts.slice();
  pairs.forEach(({ source }, pair) => {
    for (let index = 0; index < source.length; index++) {
      const token = source[index] as number;
      seen[next[token] as number] = pair;
      next[token] = (next[token] as number) + 1;
    }
  });
  return { tokens, starts, targetSize, seen, seenStarts, sourceSize };
}

/** The largest token + 1. */
function sizeOf(tokens: ArrayLike<number>, pair: number, side: string): number {
  let size = 0;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] as number;
    if (!Number.isInteger(token) || token < 0) {
      throw new RangeError(
        `trainLexicon: pair ${pair}: expected ${side} tokens to be whole numbers from 0 up, got ${token}`,
      );
    }
    size = Math.max(size, token + 1);
  }
  return size;
}

/** The target tokens that occur in a pair with each source token. */
function rowsOf(corpus: Corpus): Pick<Lexicon, 'rowStarts' | 'targets'> {
  const { sourceSize } = corpus;
  const rowStarts = new Int32Array(sourceSize + 1);
  eachNewTarget(corpus, (source) => {
    rowStarts[source + 1] = (rowStarts[source + 1] as number) + 1;
  });
  for (let source = 0; source < sourceSize; source++) {
    rowStarts[source + 1] = (rowStarts[source + 1] as number) + (rowStarts[source] as number);
  }
  const targets = new Int32Array(rowStarts[sourceSize] as number);
  let cell = 0;
  eachNewTarget(corpus, (_, token) => {
    targets[cell++] = token;
  });
  for (let source = 0; source < sourceSize; source++) {
    targets.subarray(rowStarts[source] as number, rowStarts[source + 1] as number).sort();
  }
  return { rowStarts, targets };
}

/** Calls `visit` for each source token in ascending order, once with each target token of its pairs. */
function eachNewTarget(
  { tokens, starts, targetSize, seen, seenStarts, sourceSize }: Corpus,
  visit: (source: number, token: number) => void,
): void {
  const lastSource = new Int32Array(targetSize).fill(-1);
  for (let source = 0; source < sourceSize; source++) {
    for (let place = seenStarts[source] as number; place < (seenStarts[source + 1] as number); place++) {
      const pair = seen[place] as number;
      for (let at = starts[pair] as number; at < (starts[pair + 1] as number); at++) {
        const token = tokens[at] as number;
        if (lastSource[token] === source) continue;
        lastSource[token] = source;
        visit(source, token);
      }
    }
  }
}
