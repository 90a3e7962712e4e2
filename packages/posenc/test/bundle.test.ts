/** What a page pays for encodings: bundled, minified and compressed. */
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const names = ['none', 'sinusoidal', 'learned', 'rotary', 'alibi', 't5'];
const kilobyte = 1000;

/** Bundles what a user of the package would write. */
async function bundle(imported: readonly string[]): Promise<{ readonly bytes: number; readonly inputs: string[] }> {
  const result = await build({
    stdin: {
      contents: `export { ${imported.join(', ')} } from 'posenc';`,
      resolveDir: join(root, 'packages/posenc/test'),
      sourcefile: 'entry.ts',
    },
    absWorkingDir: root,
    bundle: true,
    conditions: ['posenc-source'],
    format: 'esm',
    metafile: true,
    minify: true,
    platform: 'neutral',
    write: false,
  });
  const [output] = result.outputFiles;
  const [meta] = Object.values(result.metafile.outputs);
  if (output === undefined || meta === undefined) throw new Error('esbuild wrote nothing');
  expect(meta.imports).toEqual([]);
  const inputs = Object.keys(result.metafile.inputs).filter((input) => !input.endsWith('entry.ts'));
  return { bytes: gzipSync(output.contents, { level: 9 }).length, inputs };
}

describe('bundles', () => {
  test('the six encodings weigh at most 8 kB minified and compressed', async () => {
    const { bytes, inputs } = await bundle(names);
    expect(bytes).toBeLessThanOrEqual(8 * kilobyte);
    expect(inputs.length).toBeGreaterThan(names.length);
  });

  test.each(names)('%s alone weighs at most 3 kB', async (name) => {
    const { bytes } = await bundle([name]);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(3 * kilobyte);
  });

  test('nothing outside the package is imported, and no engine', async () => {
    const { inputs } = await bundle(names);
    expect(inputs.filter((input) => !input.startsWith('packages/posenc/src/'))).toEqual([]);
    expect(inputs.filter((input) => input.includes('/engines/'))).toEqual([]);
  });
});
