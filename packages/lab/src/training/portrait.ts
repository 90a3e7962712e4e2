/** Pictures of what a trained model attends to in one example. Knows no particular model and no drawing. */
import { dispose, fromPlain, type JaxArray, jaxOperations, jit, tidy, toPlain } from 'posenc/jax';
import type { PlainTensor } from 'posenc/tensor';
import { createRandom } from '../data/random.ts';
import type { Model, ModelInputs, Tensors } from '../model/model.ts';
import type { AttentionPicture } from '../record/sample.ts';
import type { Portrait, SequenceArray } from '../tasks/task.ts';
import { crossAttention, hasCrossAttention } from './attention.ts';
import { batchInputs, batchSignals } from './inputs.ts';
import { mapTensors, uploadInputs } from './step.ts';

/** One attention of a model, and the sequences its queries and keys come from. */
interface Attention {
  readonly title: string;
  readonly queries: 'source' | 'target';
  readonly keys: 'source' | 'target';
}

/**
 * Attention in the portrait's example, its target given: of the first and the last layer of each stack, the mean over
 * heads, and across from target to source, the mean over heads and layers. A layer whose encoding replaces the softmax
 * of scores (attention sinks) has no weights and is left out, as are all of a model without attention.
 *
 * @param seed - for encodings that draw positions at evaluation, too
 * @throws {RangeError} when the portrait is not one example, or what stands at its positions is not told for each
 */
export function portraitAttention(
  model: Model,
  parameters: Tensors<JaxArray>,
  portrait: Portrait,
  seed = 0,
): AttentionPicture[] {
  const { batch, links } = portrait;
  if (batch.size !== 1) throw new RangeError(`portrait: expected a batch of one example, got ${batch.size}`);
  const { attention, shape } = model;
  if (attention === undefined) return [];
  const wanted = wantedAttentions(model);
  const compiled = jit((all: Tensors<JaxArray>, inputs: ModelInputs<JaxArray>) => ({
    ...attention(jaxOperations, all, inputs),
    ...(hasCrossAttention(model) ? { [ACROSS]: crossAttention(jaxOperations, model, all, inputs) } : {}),
  }));
  const random = createRandom(seed, 'portrait positions');
  const weights = tidy(() =>
    compiled(parameters, {
      ...uploadInputs(batchInputs(batch, shape.architecture)),
      signals: mapTensors(batchSignals(model, batch, { random, purpose: 'evaluation' }), fromPlain),
    }),
  );
  const read = mapTensors(weights, toPlain);
  dispose(weights);
  compiled.dispose();

  return [...wanted].flatMap(([name, { title, queries, keys }]) => {
    const found = read[name];
    if (found === undefined) return [];
    const [rows, columns] = [namesOf(portrait, queries), namesOf(portrait, keys)];
    return [
      {
        title,
        queries: [...rows],
        keys: [...columns],
        weights: corner(found, rows.length, columns.length),
        ...(queries !== keys && links !== undefined
          ? { links: links.map(([from, to]): [number, number] => [from, to]) }
          : {}),
      },
    ];
  });
}

/** The name under which cross-attention over all layers is kept. */
const ACROSS = 'across';

/** The attentions that are shown, by their names in `Model.attention`. */
function wantedAttentions({ shape }: Model): Map<string, Attention> {
  const wanted = new Map<string, Attention>();
  const stacks = [
    { stack: 'encoder', layers: shape.encoderLayers, reads: 'source' },
    { stack: 'decoder', layers: shape.decoderLayers, reads: 'target' },
  ] as const;
  for (const { stack, layers, reads } of stacks) {
    for (const layer of layers > 0 ? [0, layers - 1] : []) {
      const title = `${stack} self-attention, layer ${layer + 1} of ${layers}`;
      wanted.set(`${stack}.layers.${layer}.attention`, { title, queries: reads, keys: reads });
    }
  }
  if (shape.architecture === 'encoder-decoder') {
    const { decoderLayers } = shape;
    const over = decoderLayers === 1 ? '' : `, mean over ${decoderLayers} layers`;
    wanted.set(ACROSS, { title: `cross-attention${over}`, queries: 'target', keys: 'source' });
  }
  return wanted;
}

/** What stands at each real position of a sequence. */
function namesOf(portrait: Portrait, which: 'source' | 'target'): readonly string[] {
  const names = portrait[which];
  const length = (portrait.batch[which] as SequenceArray).lengths[0] as number;
  if (names?.length !== length) {
    throw new RangeError(
      `portrait: ${which}: expected what stands at each of ${length} positions, got ${names?.length ?? 'none'}`,
    );
  }
  return names;
}

/** The weights among real positions, row-major, from [1, queries, keys] with padding. */
function corner({ shape, data }: PlainTensor, rows: number, columns: number): number[] {
  const width = shape[2] as number;
  return Array.from({ length: rows }, (_, row) => [...data.subarray(row * width, row * width + columns)]).flat();
}
