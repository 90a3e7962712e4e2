/** From a specification, as typed on the command line, to a model. Knows the registry, but no particular encoding. */
import type { Encoding, OptionValue } from 'posenc';
import { createEncoding, findEncoding, parseEncodingSpecification } from 'posenc/registry';
import { gru } from './gru.ts';
import type { Model, ModelEncodings, ModelShape } from './model.ts';
import { countParameters } from './parameters.ts';
import { transformer } from './transformer.ts';

/** The recurrent control: a model without attention, named like an encoding. */
export const RECURRENT_CONTROL = 'gru';

/** A model and what reports say of its positions. */
export interface BuiltModel {
  readonly model: Model;
  readonly encodings: ModelEncodings;
  /** As shown: `ALiBi (direction=symmetric)`. */
  readonly title: string;
  /** When this encoding fails, in plain words. */
  readonly pitfalls: readonly string[];
  /** Learned numbers of the encodings, over all stacks. */
  readonly positionParameters: number;
  /** Bytes of the encodings' float32 signals at the longest input, over all stacks. */
  readonly tableBytes: number;
}

/**
 * The model of a specification: a transformer with that encoding in every stack, or the recurrent control `gru`.
 *
 * @param specification - `rotary`, `alibi:direction=symmetric`, `gru`
 * @param maximumLength - positions 0 … maximumLength−1 must be representable
 * @throws {RangeError} when the encoding, an option or a size cannot be used
 */
export function buildModel(specification: string, shape: ModelShape, maximumLength: number): BuiltModel {
  if (specification === RECURRENT_CONTROL) {
    const model = gru(shape);
    const encodings = { encoder: [], decoder: [] };
    const pitfalls = ['No attention: whatever is passed on must fit into one state.'];
    return { model, encodings, title: 'GRU (recurrent control)', pitfalls, positionParameters: 0, tableBytes: 0 };
  }
  const parsed = parseEncodingSpecification(specification);
  const description = findEncoding(parsed.name);
  const { modelDim, numHeads } = shape;
  const make = (attention: 'causal' | 'bidirectional'): readonly Encoding[] => {
    const headDim = modelDim / numHeads;
    const encoding = createEncoding(parsed, { modelDim, numHeads, headDim, maximumLength, attention });
    if (encoding.attention === 'causal' && attention === 'bidirectional') {
      throw new RangeError(
        `${specification}: expected an encoding for bidirectional attention in the encoder, got a causal one, ` +
          'which says nothing useful of keys after the query; leave the option out, or choose another value',
      );
    }
    return [encoding];
  };
  const encodings = {
    encoder: shape.encoderLayers > 0 ? make('bidirectional') : [],
    decoder: shape.decoderLayers > 0 ? make('causal') : [],
  };
  checkOptionsMatter(specification, parsed.options, [...encodings.encoder, ...encodings.decoder]);
  const model = transformer(shape, encodings);
  const chosen = Object.entries(parsed.options).map(([name, value]) => `${name}=${value}`);
  return {
    model,
    encodings,
    title: chosen.length === 0 ? description.title : `${description.title} (${chosen.join(', ')})`,
    pitfalls: description.pitfalls,
    positionParameters: countParameters(model.parameters.filter(({ name }) => name.includes('.positions.'))),
    tableBytes: [...encodings.encoder, ...encodings.decoder].reduce(
      (sum, encoding) => sum + encoding.costs(maximumLength).tableBytes,
      0,
    ),
  };
}

/** An option that no stack of this model can follow is an error, never ignored. */
function checkOptionsMatter(
  specification: string,
  options: Readonly<Record<string, OptionValue>>,
  encodings: readonly Encoding[],
): void {
  for (const [name, value] of Object.entries(options)) {
    if (encodings.some((encoding) => encoding.options[name] === value)) continue;
    const used = [...new Set(encodings.map((encoding) => String(encoding.options[name])))].join(' and ');
    throw new RangeError(
      `${specification}: expected an option that this model can follow, got ${name}=${value}; ` +
        `its attention always uses ${name}=${used}: leave the option out`,
    );
  }
}
