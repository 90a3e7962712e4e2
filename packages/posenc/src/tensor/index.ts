/** `posenc/tensor`: the operations an engine provides, and the plain float64 engine. */
export { MASKED, type Operations, type PlainTensor } from './operations.ts';
