/** `posenc/tensor`: the operations an engine provides, the plain float64 engine and its gradients. */
export { float64Operations } from './float64.ts';
export { type EngineFunction, type ValueAndGradient, valueAndGradient } from './gradient.ts';
export { MASKED, type Operations, type PlainTensor } from './operations.ts';
export { filled, tensor } from './plain.ts';
