/**
 * Looking for the most probable sequence, token by token: greedily, or keeping several hypotheses. Knows no model and
 * no engine: it is told the logits of the next token.
 */
import type { PlainTensor } from 'posenc/tensor';
import { bestOfRows } from './predictions.ts';

/**
 * Logits [rows, V] of the token after `tokens`, one a row. Row r goes on from what row `parents[r]` had written before,
 * or from its own where `parents` is absent.
 */
export type NextLogits = (tokens: readonly number[], parents?: readonly number[]) => PlainTensor;

/** Where sequences start and end. */
export interface SearchLimits {
  readonly startToken: number;
  readonly endToken: number;
  /** Tokens written at most, the end token included. */
  readonly maximumLength: number;
}

/** What has been written, without start and end. */
interface Hypothesis {
  readonly tokens: readonly number[];
  /** Nats, summed over the tokens, the end token included. */
  readonly logProbability: number;
}

/** A hypothesis, the row it stands in and the token it may go on with. */
interface Candidate {
  readonly row: number;
  readonly token: number;
  readonly logProbability: number;
}

/** The sequences of `rows` rows when the most probable token is always taken; the lower token where two are. */
export function greedySearch(
  next: NextLogits,
  rows: number,
  { startToken, endToken, maximumLength }: SearchLimits,
): number[][] {
  const sequences: number[][] = Array.from({ length: rows }, () => []);
  const open = new Set(sequences.keys());
  let tokens = new Array<number>(rows).fill(startToken);
  for (let step = 0; step < maximumLength && open.size > 0; step += 1) {
    tokens = bestOfRows(next(tokens));
    for (const row of open) {
      const token = tokens[row] as number;
      if (token === endToken) open.delete(row);
      else (sequences[row] as number[]).push(token);
    }
  }
  return sequences;
}

/**
 * For each example the sequence of the highest mean log-probability a token, the end token included, among those that a
 * beam of `beams` hypotheses comes across.
 *
 * At each step the 2 · `beams` most probable continuations are looked at: those of the first `beams` that end are
 * finished, and the first `beams` that do not end go on. At the last step the first `beams` are finished as they are.
 * An example is done when no hypothesis can overtake its best finished one, however it goes on. This is
 * `generate(num_beams, length_penalty=1, early_stopping="never")` of Hugging Face transformers 5.23.0; dividing by a
 * function of the length is Wu et al. 2016, arXiv 1609.08144, section 7, whose own function grows more slowly.
 * Equal continuations are taken in the order of their hypotheses, then of their tokens.
 *
 * @param next - over rows [examples · beams], the hypotheses of an example side by side
 */
export function beamSearch(
  next: NextLogits,
  examples: number,
  beams: number,
  { startToken, endToken, maximumLength }: SearchLimits,
): number[][] {
  const best = new Array<(Hypothesis & { readonly score: number }) | undefined>(examples).fill(undefined);
  /** The hypotheses of each example that are being written, the most probable first; empty when it is done. */
  let live: Hypothesis[][] = Array.from({ length: examples }, () => [{ tokens: [], logProbability: 0 }]);
  let tokens = new Array<number>(examples * beams).fill(startToken);
  let parents: number[] | undefined;
  for (let step = 1; step <= maximumLength && live.some(({ length }) => length > 0); step += 1) {
    const logits = next(tokens, parents);
    const nextTokens = [...tokens];
    const nextParents = tokens.map((_, row) => row);
    live = live.map((hypotheses, example) => {
      const first = example * beams;
      const candidates = bestCandidates(logits, first, hypotheses, 2 * beams);
      const goOn: Hypothesis[] = [];
      candidates.forEach(({ row, token, logProbability }, rank) => {
        const { tokens: past } = hypotheses[row - first] as Hypothesis;
        const ends = token === endToken;
        const written = ends ? past : [...past, token];
        if (rank < beams && (ends || step === maximumLength)) {
          const score = logProbability / step;
          const leader = best[example];
          if (leader === undefined || score > leader.score) best[example] = { tokens: written, logProbability, score };
        }
        if (ends || goOn.length === beams) return;
        nextTokens[first + goOn.length] = token;
        nextParents[first + goOn.length] = row;
        goOn.push({ tokens: written, logProbability });
      });
      const leader = best[example];
      // Log-probabilities only fall, so this is the most that the mean can become.
      const limit = (goOn[0]?.logProbability ?? Number.NEGATIVE_INFINITY) / maximumLength;
      return leader !== undefined && leader.score >= limit ? [] : goOn;
    });
    tokens = nextTokens;
    parents = nextParents;
  }
  return best.map((hypothesis) => [...(hypothesis?.tokens ?? [])]);
}

/** The most probable continuations of an example's hypotheses, best first, at most `count`. */
function bestCandidates(
  { shape, data }: PlainTensor,
  first: number,
  hypotheses: readonly Hypothesis[],
  count: number,
): Candidate[] {
  const vocabulary = shape.at(-1) as number;
  const found: Candidate[] = [];
  hypotheses.forEach(({ logProbability: past }, index) => {
    const row = first + index;
    const logits = data.subarray(row * vocabulary, (row + 1) * vocabulary);
    const normalizer = logSumOfExponentials(logits);
    logits.forEach((logit, token) => {
      const logProbability = past + logit - normalizer;
      const last = found.at(-1);
      if (found.length === count && last !== undefined && logProbability <= last.logProbability) return;
      let at = found.length;
      while (at > 0 && (found[at - 1] as Candidate).logProbability < logProbability) at -= 1;
      found.splice(at, 0, { row, token, logProbability });
      if (found.length > count) found.pop();
    });
  });
  return found;
}

function logSumOfExponentials(values: Float64Array): number {
  const largest = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}
