/** What a page pays for encodings: bundled, minified and compressed. */
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import * as library from 'posenc';
import { describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
/** Every function of the library whose bundle must stand alone: constructors of encodings and scalings. */
const names = Object.entries(library)
  .filter(([, value]) => typeof value === 'function')
  .map(([name]) => name);
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
  const inputs = Object.entries(meta.inputs)
    .filter(([input, { bytesInOutput }]) => bytesInOutput > 0 && !input.endsWith('entry.ts'))
    .map(([input]) => input);
  return { bytes: gzipSync(output.contents, { level: 9 }).length, inputs };
}

describe('bundles', () => {
  test('everything weighs at most 40 kB minified and compressed', async () => {
    const { bytes } = await bundle(names);
    expect(bytes).toBeGreaterThan(5 * kilobyte);
    expect(bytes).toBeLessThanOrEqual(40 * kilobyte);
  });

  test.each(names)('%s alone weighs at most 4 kB and brings no other encoding', async (name) => {
    const { bytes, inputs } = await bundle([name]);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(4 * kilobyte);
    expect(inputs.filter((input) => input.includes('/src/encodings/')).length).toBeLessThanOrEqual(1);
  });

  test('nothing outside the package is imported, and no engine', async () => {
    const { inputs } = await bundle(names);
    expect(inputs.filter((input) => !input.startsWith('packages/posenc/src/'))).toEqual([]);
    expect(inputs.filter((input) => input.includes('/engines/'))).toEqual([]);
  });
});
