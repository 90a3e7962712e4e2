import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';
import { ClosingLine } from './tools/closing-line.ts';

const conditions = ['posenc-source', 'module', 'node', 'import', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    // Slow ones: npm run test:long.
    exclude: [...configDefaults.exclude, '**/*.long.test.ts'],
    testTimeout: 30_000,
    // Tests see no data sets fetched on this machine; those that need some make them, or name their folder.
    env: { POSENC_CACHE: fileURLToPath(new URL('node_modules/.cache/posenc-tests', import.meta.url)) },
    reporters: ['default', new ClosingLine()],
  },
});
