/**
 * What a generated problem is: exercises of any size with one right answer. Knows no particular problem, no model and
 * nothing of batches.
 */
import type { Uniform } from '../task.ts';

/** What is asked and what is right, as symbols 0 … symbols−1. */
export interface Exercise {
  readonly question: readonly number[];
  readonly answer: readonly number[];
}

/** A stretch of sizes; what size means is the problem's affair. */
export interface Sizes {
  readonly label: string;
  readonly minimum: number;
  readonly maximum: number;
}

/** A kind of exercise that comes in sizes. */
export interface Problem {
  readonly name: string;
  /** In one sentence, with its source. */
  readonly description: string;
  readonly sizeUnit: string;
  readonly symbols: number;
  /** The trained sizes first, then longer ones. */
  readonly sizes: readonly [Sizes, Sizes, Sizes, Sizes];
  /** Tokens of the longest question and answer together, at the largest size and at the largest trained one. */
  readonly longest: { readonly all: number; readonly trained: number };
  /** Whether questions of the trained sizes are divided by their hash, so that none is both trained on and asked about. */
  readonly separate?: true;
  /** The best answer that can be given from the question's symbols without their order, where there is a rule for it. */
  blind?(symbols: readonly number[]): readonly number[];
  /** An exercise of a stretch of sizes; held-out exercises never come in training where they are finitely many. */
  draw(sizes: Sizes, use: 'training' | 'held-out', uniform: Uniform): Exercise;
}

/** Symbols of the problems on letters. */
export const LETTERS = 10;

/** Four stretches of sizes: from 1 to the trained end, then up to each of the others. */
export function sizesOf(trained: number, ...ends: readonly [number, number, number]): Problem['sizes'] {
  const [a, b, c] = ends;
  const stretch = (minimum: number, maximum: number): Sizes => ({ label: `${minimum}–${maximum}`, minimum, maximum });
  return [stretch(1, trained), stretch(trained + 1, a), stretch(a + 1, b), stretch(b + 1, c)];
}

/** A size of a stretch, all equally likely. */
export function drawSize({ minimum, maximum }: Sizes, uniform: Uniform): number {
  return minimum + Math.floor(uniform() * (maximum - minimum + 1));
}

/** Symbols from the smallest to the largest. */
export function ascending(symbols: readonly number[]): number[] {
  return symbols.toSorted((a, b) => a - b);
}
