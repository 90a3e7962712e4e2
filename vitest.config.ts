import { defineConfig } from 'vitest/config';
import { ClosingLine } from './tools/closing-line.ts';

const conditions = ['posenc-source', 'module', 'node', 'import', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 30_000,
    reporters: ['default', new ClosingLine()],
  },
});
