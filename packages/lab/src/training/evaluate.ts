/**
 * Asks a trained model a task's question, bucket by bucket, on jax-js: everything compiled, with as few shapes as the
 * task's batches have.
 */
import { dispose, fromPlain, type JaxArray, jaxOperations, jit, tidy, toPlain } from 'posenc/jax';
import type { PlainTensor } from 'posenc/tensor';
import { createRandom } from '../data/random.ts';
import type { Model, ModelInputs, Tensors } from '../model/model.ts';
import type { Alignment, Batch, EvaluationSet, Predictions, Question } from '../tasks/task.ts';
import { alignmentsOf, crossAttention, hasCrossAttention } from './attention.ts';
import { createGenerator, type Generator } from './generate.ts';
import { batchInputs, batchSignals, givesOwnPositions, shapeKey } from './inputs.ts';
import { labelsOf, negativeLogLikelihood } from './loss.ts';
import {
  bestClasses,
  bestSpans,
  bestTags,
  exactExamples,
  joinPredictions,
  lastValues,
  lossesByExample,
} from './predictions.ts';
import { mapTensors, uploadInputs } from './step.ts';

/** Asks one model. Holds compiled programs and signals in the engine until `dispose`. */
export interface Evaluator {
  /** Answers for the real examples of a bucket, in order. `pause` is awaited between batches and may throw. */
  ask(parameters: Tensors<JaxArray>, set: EvaluationSet, pause: () => Promise<void>): Promise<Predictions>;
  dispose(): void;
}

/**
 * An evaluator for one question. Positions that are drawn depend on the seed and the batch's shape alone. A model
 * without cross-attention gives no alignments, though they be asked for.
 *
 * @throws {RangeError} when the number of beams is not a positive integer
 */
export function createEvaluator(model: Model, question: Question, seed: number): Evaluator {
  const kept = new Map<string, Tensors<JaxArray>>();
  /** Signals for batches of this shape, computed and uploaded once. */
  const signalsFor = (batch: Batch): Tensors<JaxArray> => {
    const key = shapeKey(batch);
    const known = kept.get(key);
    const own = givesOwnPositions(batch);
    if (known !== undefined && !own) return known;
    if (known !== undefined) dispose(known);
    const random = createRandom(seed, 'evaluation positions', key);
    const signals = mapTensors(batchSignals(model, batch, { random, purpose: 'evaluation' }), fromPlain);
    kept.set(key, signals);
    return signals;
  };
  const forward = jit((parameters: Tensors<JaxArray>, inputs: ModelInputs<JaxArray>) =>
    model.forward(jaxOperations, parameters, inputs),
  );
  const likelihood = jit(
    (parameters: Tensors<JaxArray>, inputs: ModelInputs<JaxArray>, answers: JaxArray, scored: JaxArray) =>
      negativeLogLikelihood(jaxOperations, model.forward(jaxOperations, parameters, inputs), answers, scored),
  );
  const crossed = jit((parameters: Tensors<JaxArray>, inputs: ModelInputs<JaxArray>) =>
    crossAttention(jaxOperations, model, parameters, inputs),
  );
  const generator = question.kind === 'generate' ? createGenerator(model, question) : undefined;
  const aligns = question.kind === 'generate' && question.alignments === true && hasCrossAttention(model);

  /** Reads what a computation on a batch gives and frees everything it made; signals are kept. */
  const read = (batch: Batch, compute: (inputs: ModelInputs<JaxArray>) => JaxArray): PlainTensor => {
    const signals = signalsFor(batch);
    const result = tidy(() => compute({ ...uploadInputs(batchInputs(batch, model.shape.architecture)), signals }));
    const values = toPlain(result);
    dispose(result);
    return values;
  };
  const generate = (parameters: Tensors<JaxArray>, batch: Batch): Predictions => {
    const { prepare, generate: write } = generator as Generator;
    const prepared = prepare(batch);
    const sequences = write(parameters, prepared, signalsFor(prepared));
    const alignments: Alignment[] | undefined = aligns
      ? alignmentsOf(read(batch, (inputs) => crossed(parameters, inputs)))
      : undefined;
    return { kind: 'sequences', sequences, ...(alignments === undefined ? {} : { alignments }) };
  };
  const answer = (parameters: Tensors<JaxArray>, batch: Batch): Predictions => {
    const output = (): PlainTensor => read(batch, (inputs) => forward(parameters, inputs));
    switch (question.kind) {
      case 'generate':
        return generate(parameters, batch);
      case 'likelihood': {
        const { answers, scored } = labelsOf(batch, model.shape.output);
        const nats = read(batch, (inputs) => likelihood(parameters, inputs, fromPlain(answers), fromPlain(scored)));
        return lossesByExample(nats, scored, batch.size);
      }
      case 'exact':
        return exactExamples(output(), batch);
      case 'classify':
        return bestClasses(output());
      case 'tag':
        return bestTags(output(), batch, question.odds);
      case 'span':
        return bestSpans(output(), batch, question.maximumAnswer);
      case 'regress':
        return lastValues(output(), batch);
    }
    return question satisfies never;
  };

  return {
    ask: async (parameters, { examples, batches }, pause) => {
      const answers: Predictions[] = [];
      for (const batch of batches) {
        await pause();
        answers.push(answer(parameters, batch));
      }
      return joinPredictions(
        answers,
        batches.map(({ size }) => size),
        examples,
      );
    },
    dispose: () => {
      for (const signals of kept.values()) dispose(signals);
      forward.dispose();
      likelihood.dispose();
      crossed.dispose();
      generator?.dispose();
    },
  };
}
