/** From a specification, as typed on the command line, to a model. Knows the registry, but no particular encoding. */
import type { Encoding, OptionValue } from 'posenc';
import { createEncoding, type EncodingSpecification, findEncoding, parseEncodingSpecifications } from 'posenc/registry';
import { gru } from './gru.ts';
import type { Model, ModelEncodings, ModelShape } from './model.ts';
import { countParameters } from './parameters.ts';
import { actsIn } from './stack-encodings.ts';
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
 * @throws {RangeError} when the encoding, an option or a size cannot be used, or one encoding would undo another
 */
export function buildModel(specification: string, shape: ModelShape, maximumLength: number): BuiltModel {
  if (specification === RECURRENT_CONTROL) {
    const model = gru(shape);
    const encodings = { encoder: [], decoder: [] };
    const pitfalls = ['No attention: whatever is passed on must fit into one state.'];
    return { model, encodings, title: 'GRU (recurrent control)', pitfalls, positionParameters: 0, tableBytes: 0 };
  }
  const parsed = parseEncodingSpecifications(specification);
  const { modelDim, numHeads, extents, graph } = shape;
  const make = (attention: 'causal' | 'bidirectional'): readonly Encoding[] =>
    parsed.map((part) => {
      // An encoding of one axis reads tokens of a grid in the order of their sequence.
      const { axes } = findEncoding(part.name);
      const asGrid =
        extents !== undefined && (axes === 'any' || (typeof axes !== 'string' && axes.includes(extents.length)));
      const sizes = { modelDim, numHeads, headDim: modelDim / numHeads, maximumLength, attention };
      const encoding = createEncoding(part, {
        ...sizes,
        ...(asGrid ? { extents } : {}),
        ...(graph === undefined ? {} : { graph }),
      });
      const advice =
        Object.keys(part.options).length > 0 ? 'leave the option out, or choose another value' : 'choose another';
      if (encoding.attention !== 'any' && encoding.attention !== attention) {
        throw new RangeError(
          attention === 'causal'
            ? `${specification}: expected an encoding for causal attention in the decoder, got a bidirectional one, ` +
                `which looks at later tokens; ${advice}`
            : `${specification}: expected an encoding for bidirectional attention in the encoder, got a causal one, ` +
                `which says nothing useful of keys after the query; ${advice}`,
        );
      }
      return encoding;
    });
  const encodings = {
    encoder: shape.encoderLayers > 0 ? make('bidirectional') : [],
    decoder: shape.decoderLayers > 0 ? make('causal') : [],
  };
  checkNothingLost(specification, encodings.encoder, shape.encoderLayers);
  checkNothingLost(specification, encodings.decoder, shape.decoderLayers);
  parsed.forEach((part, index) => {
    const made = [encodings.encoder[index], encodings.decoder[index]].filter((encoding) => encoding !== undefined);
    checkOptionsMatter(specification, part.options, made);
  });
  const model = transformer(shape, encodings);
  return {
    model,
    encodings,
    title: parsed.map(titleOf).join(' + '),
    pitfalls: [...new Set(parsed.flatMap(({ name }) => findEncoding(name).pitfalls))],
    positionParameters: countParameters(model.parameters.filter(({ name }) => name.includes('.positions.'))),
    tableBytes: [...encodings.encoder, ...encodings.decoder].reduce(
      (sum, encoding) => sum + encoding.costs(maximumLength).tableBytes,
      0,
    ),
  };
}

/**
 * Biases and content encodings change scores in the order in which they are written; query-key encodings act before all of
 * them. One that computes scores anew must not lose what another made, nor turn what is turned already.
 */
function checkNothingLost(specification: string, encodings: readonly Encoding[], layers: number): void {
  if (encodings.length > 1 && encodings.some(({ site }) => site === 'none')) {
    throw new RangeError(`${specification}: expected encodings that act, got none beside others; leave it out`);
  }
  encodings.forEach((encoding, index) => {
    const { name } = encoding;
    encodings.forEach((other, at) => {
      const meet = Array.from({ length: layers }, (_, layer) => layer).some(
        (layer) => actsIn(encoding, layer) && actsIn(other, layer),
      );
      if (!meet) return;
      if (at < index && encoding.site === 'query-key' && other.site === 'query-key') {
        throw new RangeError(
          `${specification}: expected one encoding of queries and keys in a layer, got ${other.name} and ${name}, which ` +
            'would turn them twice; leave one of them out, or give them different layers',
        );
      }
      if (encoding.site !== 'content' || encoding.replaces === undefined) return;
      const { replaces } = encoding;
      if (other.site === 'query-key' && replaces === 'rotation') {
        throw new RangeError(
          `${specification}: expected no encoding of queries and keys beside ${name}, which turns them itself, ` +
            `got ${other.name}; leave ${other.name} out, or give them different layers`,
        );
      }
      if (at >= index || (other.site !== 'scores' && other.site !== 'content')) return;
      const advice =
        other.site === 'content' && other.replaces !== undefined
          ? 'leave one of them out, or give them different layers'
          : `write ${name} first, ${name}+${other.name}, or leave one of them out`;
      throw new RangeError(
        `${specification}: expected ${name} before encodings that change scores, because it computes them anew, ` +
          `got ${other.name} before it; ${advice}`,
      );
    });
  });
}

/** `ALiBi (direction=symmetric)`. */
function titleOf({ name, options, layers }: EncodingSpecification): string {
  const chosen = Object.entries({ ...options, ...(layers === undefined ? {} : { layers }) }).map(
    ([option, value]) => `${option}=${Array.isArray(value) ? value.join('/') : value}`,
  );
  const { title } = findEncoding(name);
  return chosen.length === 0 ? title : `${title} (${chosen.join(', ')})`;
}

/** An option that no stack of this model can follow is an error, never ignored. */
function checkOptionsMatter(
  specification: string,
  options: Readonly<Record<string, OptionValue>>,
  encodings: readonly Encoding[],
): void {
  for (const [name, value] of Object.entries(options)) {
    if (encodings.some((encoding) => JSON.stringify(encoding.options[name]) === JSON.stringify(value))) continue;
    const used = [...new Set(encodings.map((encoding) => String(encoding.options[name])))].join(' and ');
    throw new RangeError(
      `${specification}: expected an option that this model can follow, got ${name}=${value}; ` +
        `its attention always uses ${name}=${used}: leave the option out`,
    );
  }
}
