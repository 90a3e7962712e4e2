/** The record of a computation, walked backwards for its gradient. This file knows nothing of particular operations. */
import { float64Operations } from '../float64.ts';
import type { PlainTensor } from '../operations.ts';

/** A tensor that may depend on the parameters being differentiated. */
export interface Tracked {
  readonly value: PlainTensor;
  /** False for constants, through which nothing is carried back. */
  readonly dependsOnParameters: boolean;
}

/** An input of an operation and how the result's cotangent becomes the input's. */
export type Pullback = readonly [input: Tracked, pull: (cotangent: PlainTensor) => PlainTensor];

/** Notes the result of an operation. */
export type RecordResult = (value: PlainTensor, pullbacks: readonly Pullback[]) => Tracked;

/** A tape: results in the order in which they were computed. */
export interface Tape {
  readonly record: RecordResult;
  /** A parameter, whose gradient is wanted. */
  parameter(value: PlainTensor): Tracked;
  /** The cotangents of everything that `output` depends on. */
  walkBack(output: Tracked, cotangent: PlainTensor): ReadonlyMap<Tracked, PlainTensor>;
}

/** A tensor through which no gradient flows. */
export function constant(value: PlainTensor): Tracked {
  return { value, dependsOnParameters: false };
}

/** An empty tape. */
export function createTape(): Tape {
  const steps: { readonly result: Tracked; readonly pullbacks: readonly Pullback[] }[] = [];
  return {
    parameter: (value) => ({ value, dependsOnParameters: true }),
    record: (value, pullbacks) => {
      const relevant = pullbacks.filter(([input]) => input.dependsOnParameters);
      if (relevant.length === 0) return constant(value);
      const result = { value, dependsOnParameters: true };
      steps.push({ result, pullbacks: relevant });
      return result;
    },
    walkBack: (output, cotangent) => {
      const cotangents = new Map<Tracked, PlainTensor>([[output, cotangent]]);
      for (const { result, pullbacks } of steps.toReversed()) {
        const arrived = cotangents.get(result);
        if (arrived === undefined) continue;
        for (const [input, pull] of pullbacks) {
          const before = cotangents.get(input);
          const share = pull(arrived);
          cotangents.set(input, before === undefined ? share : float64Operations.add(before, share));
        }
      }
      return cotangents;
    },
  };
}
