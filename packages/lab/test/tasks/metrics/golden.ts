/** Scores by sacreBLEU, rouge-score, torchmetrics, seqeval, scikit-learn and nltk: reference/task_metrics.py. */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Bleu } from '../../../src/tasks/metrics/bleu.ts';
import type { FScore } from '../../../src/tasks/metrics/f-score.ts';
import type { RougeScores } from '../../../src/tasks/metrics/rouge.ts';

export interface GoldenModeScores {
  readonly micro?: FScore;
  readonly macro?: FScore;
  readonly types: readonly (FScore & { readonly support: number })[];
}

interface Golden {
  readonly texts: {
    readonly pairs: readonly {
      readonly hypothesis: string;
      readonly reference: string;
      readonly tokens13a: readonly string[];
      readonly sentenceBleu: Bleu;
      readonly chrf: number;
      readonly chrfWords: number;
      readonly rouge: RougeScores;
    }[];
    readonly corpora: readonly {
      readonly start: number;
      readonly end: number;
      readonly bleu: Bleu;
      readonly chrf: number;
      readonly chrfWords: number;
      readonly rouge: RougeScores;
    }[];
  };
  readonly answers: {
    readonly items: readonly {
      readonly prediction: string;
      readonly accepted: readonly string[];
      readonly exactMatch: number;
      readonly f1: number;
    }[];
    readonly corpus: { readonly exactMatch: number; readonly f1: number };
  };
  readonly spans: {
    readonly sentences: readonly ({
      readonly predicted: readonly string[];
      readonly expected: readonly string[];
    } & Readonly<Record<'lenient' | 'strict', GoldenModeScores>>)[];
    readonly corpus: Readonly<Record<'lenient' | 'strict', GoldenModeScores>>;
  };
  readonly classes: readonly {
    readonly predicted: readonly number[];
    readonly expected: readonly number[];
    readonly accuracy: number;
    readonly macroF1: number;
    readonly classes: readonly (FScore & { readonly label: number; readonly support: number })[];
  }[];
  readonly alignments: readonly {
    readonly predicted: readonly (readonly [number, number])[];
    readonly sure: readonly (readonly [number, number])[];
    readonly possible: readonly (readonly [number, number])[];
    readonly errorRate: number;
  }[];
  readonly quantiles: {
    readonly actual: readonly number[];
    readonly quantiles: readonly number[];
    readonly forecasts: readonly (readonly number[])[];
    readonly losses: readonly number[];
    readonly mean: number;
  };
  readonly lexicon: Readonly<
    Record<
      'textbook' | 'longer',
      {
        readonly pairs: readonly {
          readonly source: readonly number[];
          readonly target: readonly number[];
          readonly alignment: readonly number[];
        }[];
        readonly iterations: number;
        /** By source token, then the null word; by target token. */
        readonly probabilities: readonly (readonly number[])[];
      }
    >
  >;
  readonly naiveBayes: {
    readonly vocabulary: number;
    readonly documents: readonly (readonly number[])[];
    readonly labels: readonly number[];
    readonly queries: readonly (readonly number[])[];
    readonly models: readonly {
      readonly smoothing: number;
      readonly logPriors: readonly number[];
      readonly logLikelihoods: readonly (readonly number[])[];
      readonly joint: readonly (readonly number[])[];
      readonly predicted: readonly number[];
    }[];
  };
}

export const golden = JSON.parse(
  readFileSync(new URL('../../fixtures/task-metrics.golden.json', import.meta.url), 'utf8'),
) as Golden;

/** Expects every number of `expected`, however deep, within 10⁻¹² in `found`, and the same keys. */
export function expectEqualNumbers(found: unknown, expected: unknown, where = 'root'): void {
  if (typeof expected === 'number') {
    expect(typeof found, where).toBe('number');
    const error = Math.abs((found as number) - expected);
    expect(error <= 1e-12, `${where}: expected ${expected}, found ${found}`).toBe(true);
    return;
  }
  const [ours, theirs] = [Object.entries(found as object), Object.entries(expected as object)];
  expect(ours.map(([key]) => key).toSorted(), where).toEqual(theirs.map(([key]) => key).toSorted());
  for (const [key, value] of theirs) {
    expectEqualNumbers((found as Record<string, unknown>)[key], value, `${where}.${key}`);
  }
}
