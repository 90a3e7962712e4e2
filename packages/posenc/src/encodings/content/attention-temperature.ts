/** Scores sharpened with the query's position, so that attention does not thin out over long inputs. */
import type { AttentionContext, ContentEncoding } from '../../encoding.ts';
import { checkChoice, checkPositive } from '../../numbers/check.ts';
import { real, withoutBatch } from '../../parts/signals.ts';
import { checkSingleAxis } from '../../positions/axes.ts';
import type { Positions } from '../../positions/positions.ts';

/** Options of {@link attentionTemperature}. */
export interface AttentionTemperatureOptions {
  /**
   * With p the query's position, L `length` and f `factor`: `llama4`: ln(1 + ⌊(p + 1)/L⌋)·f + 1; `ministral`:
   * 1 + f·ln(1 + ⌊p/L⌋); `inkling`: 1 + f·ln(max((p + 1)/L, 1)); `log-length`: max(ln(p + 1)/ln L, 1); `constant`: f.
   * Default `llama4`.
   */
  readonly schedule?: 'llama4' | 'ministral' | 'inkling' | 'log-length' | 'constant';
  /** Not for `constant`. Default 8192. */
  readonly length?: number;
  /** Not for `log-length`. Default 0.1. */
  readonly factor?: number;
}

/**
 * Attention temperature: scores, with every encoding joined before this one, are multiplied by a number that depends on the
 * query's position.
 *
 * Source: `llama4`: `Llama4TextAttention`, `ministral`: `get_llama_4_attn_scale`, `inkling`: `InklingAttention`, all of
 * Hugging Face transformers 5.23.0; `log-length`: the factor of ReRoPE and Self-Extend (bojone/rerope at 2cbd019), after Su
 * 2021 and Chiang and Cholak 2022; `constant`: such as DeepSeek-V3's (0.1·ln s + 1)².
 *
 * Signal `temperature` [batch, 1, Tq, 1].
 *
 * @throws {RangeError} when an option is out of range or one that the schedule does not use is given; from `signals`, when a position is negative
 */
export function attentionTemperature(options: AttentionTemperatureOptions = {}): ContentEncoding {
  const name = 'attention-temperature';
  const schedule = checkChoice(`${name}: schedule`, options.schedule ?? 'llama4', [
    'llama4',
    'ministral',
    'inkling',
    'log-length',
    'constant',
  ]);
  const unused = { length: schedule === 'constant', factor: schedule === 'log-length' };
  for (const option of ['length', 'factor'] as const) {
    if (!unused[option] || options[option] === undefined) continue;
    throw new RangeError(
      `${name}: ${option}: expected none with schedule ${schedule}, got ${options[option]}; it has no use there, leave it out`,
    );
  }
  const length = checkPositive(`${name}: length`, options.length ?? 8192);
  const factor = checkPositive(`${name}: factor`, options.factor ?? 0.1);
  if (schedule === 'log-length' && length <= 1) {
    throw new RangeError(`${name}: length: expected more than 1 for log-length, got ${length}`);
  }
  const at: Readonly<Record<typeof schedule, (position: number) => number>> = {
    llama4: (position) => Math.log1p(Math.floor((position + 1) / length)) * factor + 1,
    ministral: (position) => 1 + factor * Math.log1p(Math.floor(position / length)),
    inkling: (position) => 1 + factor * Math.log(Math.max((position + 1) / length, 1)),
    'log-length': (position) => Math.max(Math.log(position + 1) / Math.log(length), 1),
    constant: () => factor,
  };
  const signals = (queries: Positions) => {
    const { batch, length: count, values } = checkSingleAxis(name, queries);
    const negative = values.find((value) => value < 0);
    if (negative !== undefined) {
      throw new RangeError(`${name}: position: expected at least 0, got ${negative}`);
    }
    return { temperature: real([batch, 1, count, 1], values.map(at[schedule])) };
  };
  return {
    site: 'content',
    name,
    options: { schedule, ...(unused.length ? {} : { length }), ...(unused.factor ? {} : { factor }) },
    parameters: [],
    axes: 1,
    relative: schedule === 'constant',
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: (count) => ({ parameters: 0, tableBytes: 4 * count }),
    signals,
    vectors: (positions) => withoutBatch(positions, signals(positions)),
    scores: <T>({ operations, signals: given }: AttentionContext<T>, scores: T) =>
      operations.multiply(scores, given.temperature as T),
  };
}
