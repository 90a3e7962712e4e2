/** jax-js does not show its heap, so every `WebAssembly.Memory` it makes is noted, before it is loaded. */
import { expect, test } from 'vitest';

const memories: WebAssembly.Memory[] = [];
WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
  construct(target, inputs: [WebAssembly.MemoryDescriptor]) {
    const memory = new target(...inputs);
    memories.push(memory);
    return memory;
  },
});
const { executeRun } = await import('../../src/training/run.ts');
const { reversal, reversalRun } = await import('./reversal-task.ts');
const heapBytes = (): number => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);

test('training for 2,000 steps takes no more memory than training for 600', async () => {
  const configuration = reversalRun('rotary', 2000);
  const small = { ...configuration, training: { ...configuration.training, batchSize: 4 } };
  let early = { heap: 0, resident: 0 };
  let late = early;
  await executeRun(small, reversal, {
    onProgress: ({ step }) => {
      if (step === 600) early = { heap: heapBytes(), resident: process.memoryUsage().rss };
      if (step === 1999) late = { heap: heapBytes(), resident: process.memoryUsage().rss };
    },
  });
  expect(early.heap).toBeGreaterThan(0);
  // The first validation, at step 500, has brought its own programs and arrays by then.
  expect(late.heap).toBe(early.heap);
  // One array of 16 kB kept at each step would be 30 MB; the rest is the garbage collector's breathing.
  expect(late.resident - early.resident).toBeLessThan(120e6);
}, 120_000);
