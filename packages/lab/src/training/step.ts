/** The compiled training step on jax-js, and the state it turns. Every batch of a run has one shape, so it compiles once. */

import type { RandomSource } from 'posenc';
import { dispose, fromPlain, type JaxArray, jaxOperations, jit, tidy, toPlain, valueAndGradient } from 'posenc/jax';
import type { PlainTensor } from 'posenc/tensor';
import type { Model, ModelInputs, Tensors } from '../model/model.ts';
import type { Batch } from '../tasks/task.ts';
import { type BatchInputs, batchInputs, batchSignals, hasOwnSignals } from './inputs.ts';
import { labelsOf, meanLoss } from './loss.ts';
import { adamW, type Moments, type OptimizerSettings, stepNumbers } from './optimizer.ts';

/** Parameters and moments, as plain tensors: what a checkpoint holds. */
export interface TrainingState {
  readonly parameters: Tensors<PlainTensor>;
  readonly moments: Moments<PlainTensor>;
}

/** Trains one model. Holds its state in the engine until `dispose`. */
export interface Trainer {
  /** One step, with `random` for positions that are drawn; returns the batch's mean loss, read at once so that nothing queues up in the engine. */
  step(batch: Batch, step: number, learningRate: number, random: RandomSource): number;
  /** The parameters in the engine: valid until the next step. */
  parameters(): Tensors<JaxArray>;
  /** A copy of everything. */
  state(): TrainingState;
  dispose(): void;
}

/** The state before the first step: the given parameters, moments at zero. */
export function startingState(parameters: Tensors<PlainTensor>): TrainingState {
  const zeros = mapTensors(parameters, ({ shape, data }) => ({
    shape,
    data: new Float64Array(data.length),
    type: 'real' as const,
  }));
  return { parameters, moments: { first: zeros, second: zeros } };
}

/** A trainer that goes on from `start`. */
export function createTrainer(model: Model, settings: OptimizerSettings, start: TrainingState): Trainer {
  type State = { readonly parameters: Tensors<JaxArray>; readonly moments: Moments<JaxArray> };
  const upload = (tensors: Tensors<PlainTensor>): Record<string, JaxArray> =>
    Object.fromEntries(model.parameters.map(({ name }) => [name, fromPlain(tensors[name] as PlainTensor)]));
  const download = (tensors: Tensors<JaxArray>): Record<string, PlainTensor> => mapTensors(tensors, toPlain);

  const compiled = jit(
    (
      state: State,
      inputs: ModelInputs<JaxArray>,
      labels: { readonly answers: JaxArray; readonly scored: JaxArray },
      numbers: JaxArray,
    ): State & { readonly loss: JaxArray } => {
      const { value, gradients } = valueAndGradient((parameters: Tensors<JaxArray>) => {
        const prediction = model.forward(jaxOperations, parameters, inputs);
        return meanLoss(jaxOperations, model.shape.output, prediction, labels.answers, labels.scored);
      })(state.parameters);
      const next = adamW(jaxOperations, state.parameters, gradients, state.moments, numbers, settings);
      return { ...next, loss: value };
    },
  );

  let state: State = {
    parameters: upload(start.parameters),
    moments: { first: upload(start.moments.first), second: upload(start.moments.second) },
  };
  let signals: Tensors<JaxArray> | undefined;

  return {
    step: (batch, step, learningRate, random) => {
      const own = hasOwnSignals(model, batch);
      // Positions that are the same in every training batch are uploaded once.
      if (signals !== undefined && own) dispose(signals);
      if (signals === undefined || own) {
        signals = mapTensors(batchSignals(model, batch, { random, purpose: 'training' }), fromPlain);
      }
      const held = signals;
      const { loss, ...next } = tidy(() => {
        const inputs = { ...uploadInputs(batchInputs(batch, model.shape.architecture)), signals: held };
        const { answers, scored } = labelsOf(batch, model.shape.output);
        const labels = { answers: fromPlain(answers), scored: fromPlain(scored) };
        return compiled(state, inputs, labels, fromPlain(stepNumbers(step, learningRate)));
      });
      dispose(state);
      state = next;
      const value = toPlain(loss).data[0] as number;
      dispose(loss);
      return value;
    },
    parameters: () => state.parameters,
    state: () => ({
      parameters: download(state.parameters),
      moments: { first: download(state.moments.first), second: download(state.moments.second) },
    }),
    dispose: () => {
      dispose(state);
      if (signals !== undefined) dispose(signals);
      compiled.dispose();
    },
  };
}

/** A batch's tensors in the engine. */
export function uploadInputs(inputs: BatchInputs): Omit<ModelInputs<JaxArray>, 'signals'> {
  return mapTensors(inputs as Tensors<PlainTensor>, fromPlain) as Omit<ModelInputs<JaxArray>, 'signals'>;
}

/** A function of each tensor. */
export function mapTensors<From, To>(tensors: Tensors<From>, map: (tensor: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, map(tensor)]));
}
