/** The learning rate of each step: linear warm-up, then half a cosine down to a twentieth of the peak. */

/** What the schedule ends at, as a fraction of its peak. */
const FINAL_FRACTION = 0.05;

/** The shape of a schedule. */
export interface Schedule {
  readonly steps: number;
  readonly warmupSteps: number;
  /** Peak. */
  readonly learningRate: number;
}

/** The learning rate of step 1 … steps. Warm-up ends at its peak at step `warmupSteps`. */
export function learningRateAt(step: number, { steps, warmupSteps, learningRate }: Schedule): number {
  if (step <= warmupSteps) return (learningRate * step) / warmupSteps;
  const progress = Math.min(1, (step - warmupSteps) / Math.max(1, steps - warmupSteps));
  const cosine = (1 + Math.cos(Math.PI * progress)) / 2;
  return learningRate * (FINAL_FRACTION + (1 - FINAL_FRACTION) * cosine);
}
