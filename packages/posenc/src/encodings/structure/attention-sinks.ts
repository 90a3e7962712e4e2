/** Learned attention sinks: attention may go nowhere. */
import { countNumbers, type ParameterDeclaration, type StructureEncoding } from '../../encoding.ts';
import { checkCount } from '../../numbers/check.ts';

/** Options of {@link attentionSinks}. */
export interface AttentionSinksOptions {
  readonly numHeads: number;
}

/**
 * A learned number per head stands beside the scores in the softmax and has no value: what it takes of the attention is
 * gone, so that a head may attend to nothing without favouring the first token.
 *
 * Source: OpenAI 2025, gpt-oss model card, arXiv 2508.10925, section 2.2; `eager_attention_forward` of `gpt_oss` in
 * Hugging Face transformers 5.23.0; the observation is Xiao et al. 2024, arXiv 2309.17453.
 *
 * No signals; parameter `sinks` [numHeads], one copy per layer.
 *
 * @throws {RangeError} when numHeads is not a positive integer
 */
export function attentionSinks(options: AttentionSinksOptions): StructureEncoding {
  const numHeads = checkCount('attention-sinks: numHeads', options.numHeads);
  const parameters: readonly ParameterDeclaration[] = [
    {
      name: 'sinks',
      shape: [numHeads],
      sharing: 'layer',
      initializer: { distribution: 'normal', standardDeviation: 0.02, source: 'gpt-oss: initializer_range 0.02' },
    },
  ];
  return {
    site: 'structure',
    name: 'attention-sinks',
    options: { numHeads },
    parameters,
    axes: 1,
    relative: true,
    largestPosition: Number.POSITIVE_INFINITY,
    attention: 'any',
    costs: () => ({ parameters: countNumbers(parameters), tableBytes: 0 }),
    signals: () => ({}),
    vectors: () => ({}),
    attend: ({ operations, parameters: learned, values }, scores) => {
      const { add, concatenate, matmul, multiply, reshape, shape, slice, softmax, sum } = operations;
      const keys = shape(scores).at(-1) as number;
      const sinks = reshape(learned.sinks as typeof scores, [1, numHeads, 1, 1]);
      const column = add(multiply(sum(scores, -1), 0), sinks); // [B, H, Tq, 1]
      const weights = softmax(concatenate([scores, column], -1));
      return matmul(slice(weights, -1, 0, keys), values);
    },
  };
}
