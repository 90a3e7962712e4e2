/**
 * Decoding of the transformer with a cache of keys, cached after their transform, and values. Knows no particular
 * encoding. Shape legend: B batch, L rows of the cache, V vocabulary.
 */
import { positionRange } from 'posenc/positions';
import { filled, type PlainTensor } from 'posenc/tensor';
import { answer } from './heads.ts';
import { layerNorm } from './layers.ts';
import type { Decoding, ModelEncodings, ModelShape } from './model.ts';
import { get } from './parameters.ts';
import { actsIn, encodingSignals } from './stack-encodings.ts';
import {
  afterLayer,
  decoderInput,
  embedInput,
  placeOf,
  readSource,
  restOfDecoderLayer,
  selfAttention,
} from './transformer-layers.ts';

/**
 * Decoding with a cache; undefined where the model writes no tokens, or an encoding needs more than a cache of keys.
 */
export function decodingOf(shape: ModelShape, encodings: ModelEncodings): Decoding | undefined {
  const needsEveryKey = encodings.decoder.some(
    ({ site, cacheable, draw }) =>
      site === 'content' || site === 'structure' || cacheable === false || draw !== undefined,
  );
  if (shape.architecture === 'encoder' || shape.output.kind !== 'tokens' || needsEveryKey) return undefined;
  const headDim = shape.modelDim / shape.numHeads;
  const keyWidth = (layer: number): number =>
    encodings.decoder.reduce(
      (width, encoding) =>
        encoding.site === 'query-key' && actsIn(encoding, layer) ? (encoding.width?.(width) ?? width) : width,
      headDim,
    );
  const layers = Array.from({ length: shape.decoderLayers }, (_, layer) => layer);
  return {
    memory: (operations, parameters, inputs) =>
      shape.architecture === 'decoder'
        ? {}
        : readSource({ operations, parameters, signals: inputs.signals }, shape, encodings, inputs).memory,
    emptyCache: (batch, length) => {
      const empty = (width: number): PlainTensor => filled([batch, shape.numHeads, length, width], 0);
      return Object.fromEntries(
        layers.flatMap((layer) => [
          [`${layer}.keys`, empty(keyWidth(layer))],
          [`${layer}.values`, empty(headDim)],
        ]),
      );
    },
    signals: (step, length) =>
      encodingSignals('decoder', encodings.decoder, positionRange(step, step + 1), positionRange(length)),
    step: (operations, parameters, memory, cache, inputs) => {
      const run = { operations, parameters, signals: inputs.signals };
      const { reshape, where } = operations;
      const next: Record<string, (typeof cache)[string]> = {};
      let x = embedInput(run, decoderInput(shape), 'decoder', encodings, inputs.token);
      for (const layer of layers) {
        const name = `decoder.layers.${layer}`;
        const place = placeOf('decoder', layer, shape, encodings);
        x = selfAttention(run, `${name}.attention`, place, x, inputs.cacheMask, ({ queries, ...fresh }) => {
          const keys = where(inputs.writeAt, fresh.keys, get(cache, `${layer}.keys`));
          const values = where(inputs.writeAt, fresh.values, get(cache, `${layer}.values`));
          next[`${layer}.keys`] = keys;
          next[`${layer}.values`] = values;
          return { queries, keys, values };
        });
        const source = inputs.sourceMask === undefined ? undefined : { memory, mask: inputs.sourceMask };
        x = restOfDecoderLayer(run, shape, layer, x, source);
        x = afterLayer(run, 'decoder', layer, encodings, x);
      }
      const logits = answer(operations, parameters, layerNorm(operations, parameters, 'decoder.norm', x)); // [B, 1, V]
      const [B, , V] = operations.shape(logits) as [number, number, number];
      return { logits: reshape(logits, [B, V]), cache: next };
    },
  };
}
