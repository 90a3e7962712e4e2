import { configDefaults, defineConfig } from 'vitest/config';
import base from './vitest.config.ts';

/** Tests that are too slow for every change: `npm run test:long`. */
export default defineConfig({
  ...base,
  test: { ...base.test, include: ['packages/*/test/**/*.long.test.ts'], exclude: configDefaults.exclude },
});
