/** jax-js does not show its heap, so every `WebAssembly.Memory` it makes is noted, before it is loaded. */
import type { JaxArray } from 'posenc/jax';
import { tensor } from 'posenc/tensor';
import { expect, test } from 'vitest';

const memories: WebAssembly.Memory[] = [];
WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
  construct(target, inputs: [WebAssembly.MemoryDescriptor]) {
    const memory = new target(...inputs);
    memories.push(memory);
    return memory;
  },
});
const { dispose, fromPlain, initializeJax, jaxOperations, jit, tidy, toPlain, valueAndGradient } = await import(
  'posenc/jax'
);
const heapBytes = (): number => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
const { matmul, multiply, subtract, sum, tanh, reshape } = jaxOperations;

/** 256 KiB each, so that a single array that is not freed at each of 100 steps would show as 25 MiB. */
const matrix = () => fromPlain(tensor([256, 256], new Float64Array(65536).fill(0.01)));

test('steps of training, eager work and compiling again leave the heap as it was', async () => {
  await initializeJax();
  const loss = (w: JaxArray, x: JaxArray): JaxArray => {
    const table = matrix();
    return sum(reshape(tanh(matmul(matmul(x, w), table)), [65536]), 0);
  };
  const compile = () =>
    jit((w: JaxArray, x: JaxArray) => {
      const { value, gradients } = valueAndGradient(loss)(w, x);
      return { value, next: subtract(w, multiply(gradients, 1e-6)) };
    });
  const x = matrix();
  let w = matrix();
  const train = (steps: number, program = compile()): void => {
    for (let step = 0; step < steps; step++) {
      const result = program(w, x);
      w.dispose();
      w = result.next;
      toPlain(result.value);
      result.value.dispose();
    }
    program.dispose();
  };
  const work = (): void => {
    train(30);
    for (let again = 0; again < 3; again++) train(1);
    for (let call = 0; call < 5; call++) tidy(() => [toPlain(sum(multiply(x, matrix()), 0))].slice(1));
  };
  work();
  const before = heapBytes();
  expect(before).toBeGreaterThan(0);
  work();
  work();
  expect(heapBytes() - before).toBeLessThan(2 ** 20);
  expect([x.refCount, w.refCount]).toEqual([1, 1]);
  dispose([x, w]);
});
