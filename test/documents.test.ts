/** Documents stay true: every TypeScript example runs, and every link to a file of the repository leads somewhere. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { encodingDescriptions, findEncoding, parseEncodingSpecifications } from 'posenc/registry';
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

describe('the table of libraries', () => {
  const text = readFileSync(join(root, 'docs/encodings/libraries.md'), 'utf8');
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, name, ours]) => ours !== undefined && !/^-+$/.test(ours) && name !== 'encoding');
  const totals = rows.at(-1) as string[];
  const encodings = rows.slice(0, -1);
  const names = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string);

  test('has 83 rows, and counts those that are here', () => {
    expect(encodings).toHaveLength(83);
    const here = encodings.filter(([, , ours]) => ours !== 'no');
    expect(totals[2]).toBe(`**${here.length}**`);
    expect(text).toContain(`${here.length} of the 83 encodings`);
    expect(here.length).toBeGreaterThanOrEqual(75);
  });

  test('counts what each library has', () => {
    totals.slice(3, -1).forEach((total, index) => {
      expect(total).toBe(`**${encodings.filter((row) => row[index + 3] === 'yes').length}**`);
    });
  });

  test.each(encodings.filter(([, , ours]) => ours !== 'no').map(([, name, ours]) => [name, ours] as const))(
    '%s is selectable as %s',
    (_, ours) => {
      expect(names(ours as string).length).toBeGreaterThan(0);
      let description = findEncoding('none');
      for (const name of names(ours as string)) {
        // A further name in a row may be another value of the option before it.
        const known = encodingDescriptions.find((one) => one.name === name.split(/[:+]/)[0]);
        if (known === undefined) {
          expect(description.options.some(({ type }) => Array.isArray(type) && type.includes(name))).toBe(true);
        } else {
          description = known;
          const typed = name.replaceAll('layers=…', 'layers=4n').replaceAll('…', '8');
          expect(parseEncodingSpecifications(typed)[0]?.name).toBe(known.name);
        }
      }
    },
  );

  test('every encoding of the catalogue has a row', () => {
    const named = encodings.flatMap(([, , ours]) => names(ours as string)).join(' ');
    for (const { name } of encodingDescriptions) expect(named, name).toMatch(new RegExp(`(^|[ +])${name}([: ]|$)`));
  });
});
