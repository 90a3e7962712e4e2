/**
 * What the next token is guessed to be without a model: by how often tokens are there, in training texts alone or also in
 * the text before. Neither knows the order of anything. Knows no texts, only tokens.
 */
import { type Document, scoredTokens, type Window } from './language-windows.ts';

/** Relative frequencies of tokens in training texts, one added to each count [vocabulary]. */
export function tokenFrequencies(train: readonly Document[], vocabulary: number): Float64Array {
  const counts = new Float64Array(vocabulary).fill(1);
  for (const { tokens } of train) for (const token of tokens) counts[token] = (counts[token] as number) + 1;
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
}

/** Σ −ln p(token) over the scored tokens of all windows. */
export function frequencyNats(windows: readonly Window[], scored: number, frequencies: Float64Array): number {
  let nats = 0;
  for (const window of windows) {
    for (const token of scoredTokens(window, scored)) {
      if (token >= 0) nats -= Math.log(frequencies[token] as number);
    }
  }
  return nats;
}

/**
 * Σ −ln p over the scored tokens of all windows, where p knows the bag of the tokens before, up to `length` of them:
 * p(token) = (count before + strength · frequency) / (number before + strength), the mean of a Dirichlet posterior (MacKay
 * & Peto 1995, "A hierarchical Dirichlet language model", section 3.1, with all tokens before as the context). The product
 * over a window is the same in whatever order its tokens come.
 *
 * @param strength how many tokens before weigh as much as the training texts, above 0
 */
export function bagNats(
  windows: readonly Window[],
  { scored, length }: { readonly scored: number; readonly length: number },
  frequencies: Float64Array,
  strength: number,
): number {
  const counts = new Float64Array(frequencies.length);
  let nats = 0;
  for (const window of windows) {
    const { document, end } = window;
    const before = document.tokens.subarray(end - length - 1, end - scored);
    for (const token of before) counts[token] = (counts[token] as number) + 1;
    let known = before.length;
    const answers = scoredTokens(window, scored);
    for (const [place, answer] of answers.entries()) {
      const token = document.tokens[end - scored + place] as number;
      if (answer >= 0) {
        const mass = (counts[token] as number) + strength * (frequencies[token] as number);
        nats -= Math.log(mass / (known + strength));
      }
      counts[token] = (counts[token] as number) + 1;
      known += 1;
    }
    for (const token of document.tokens.subarray(end - length - 1, end)) counts[token] = 0;
  }
  return nats;
}

/** The power of two, 1 to 2^20, with which the bag predicts these windows best. */
export function fitStrength(
  windows: readonly Window[],
  shape: { readonly scored: number; readonly length: number },
  frequencies: Float64Array,
): number {
  const strengths = Array.from({ length: 21 }, (_, power) => 2 ** power);
  const nats = strengths.map((strength) => bagNats(windows, shape, frequencies, strength));
  return strengths[nats.indexOf(Math.min(...nats))] as number;
}
