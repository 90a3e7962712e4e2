/** `posenc/jax`: posenc's operations on jax-js, with its ownership of arrays hidden. */
export { type Compiled, jit, valueAndGradient } from './compile.ts';
export { initializeJax, type JaxDevice } from './device.ts';
export { jaxOperations } from './operations.ts';
export { dispose, type JaxArray, tidy } from './ownership.ts';
export { fromPlain, toPlain, toPlainAsync } from './transfer.ts';
