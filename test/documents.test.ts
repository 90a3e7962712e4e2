/** Documents stay true: every TypeScript example runs, and every link to a file of the repository leads somewhere. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { encodingDescriptions } from 'posenc/registry';
import { describe, expect, test } from 'vitest';
import { pages } from '../tools/pages.ts';

const root = join(import.meta.dirname, '..');
const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
].sort();

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8');
  const examples = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => match[1] as string);

  test.each(examples.map((example, index) => [index + 1, example] as const))('example %i runs', async (_, example) => {
    const run = promisify(execFile)(
      process.execPath,
      ['--conditions=posenc-source', '--input-type=module-typescript', '--eval', example],
      { cwd: join(root, 'packages', 'lab') },
    );
    await expect(run).resolves.toBeDefined();
  });

  test('links to files lead somewhere', () => {
    const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map((match) => match[1] as string);
    const broken = links
      .filter((link) => !/^[a-z]+:/.test(link))
      .filter((link) => !existsSync(join(root, dirname(document), link)))
      .map((link) => relative(root, join(root, dirname(document), link)));
    expect(broken).toEqual([]);
  });
});

describe('pages of encodings', () => {
  test.each(pages())('$path says what the catalogue says: npm run pages', ({ current, expected }) => {
    expect(current).toBe(expected);
  });

  test.each(encodingDescriptions)('$name has a picture: npm run pictures', ({ name }) => {
    expect(existsSync(join(root, 'docs/images', `${name}.svg`))).toBe(true);
  });
});
