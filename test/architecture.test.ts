/** Holds ARCHITECTURE.md's rooms: every file imports only from rooms on lower floors, and never in a circle. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Floors of each package, from the ground up. A room is a folder or a file of `src`; a room imports itself and lower floors. */
const floors: Record<string, readonly (readonly string[])[]> = {
  posenc: [
    ['numbers'],
    ['tensor', 'positions', 'layouts.ts'],
    ['encoding.ts'],
    ['parts', 'engines'],
    ['scalings'],
    ['encodings'],
    ['analysis'],
    ['catalogue'],
    ['registry.ts'],
    ['index.ts'],
  ],
  lab: [['data', 'record'], ['model'], ['tasks'], ['training'], ['comparison', 'report'], ['cli'], ['index.ts']],
};

/** What may be imported from outside the package; anything else is a mistake. */
const outside: Record<string, (from: string, specifier: string) => boolean> = {
  posenc: (from, specifier) => from.startsWith('engines/jax/') && specifier === '@jax-js/jax',
  lab: (from, specifier) => {
    if (specifier.startsWith('posenc')) return publicFaces.includes(specifier);
    if (specifier === '@jax-js/jax') return false;
    if (specifier.startsWith('node:fs') || specifier === 'node:child_process') return inputOutput.test(from);
    return true;
  },
};
const publicFaces = ['posenc', ...exportedSubpaths()];
/** Files that may touch the disk or start processes. */
const inputOutput = /^(cli|data|comparison)\/|^(training\/(checkpoint|environment)|record\/files)\.ts$/;

function exportedSubpaths(): string[] {
  const { exports } = JSON.parse(readFileSync(join(root, 'packages/posenc/package.json'), 'utf8')) as {
    exports: Record<string, unknown>;
  };
  return Object.keys(exports)
    .filter((key) => key !== '.')
    .map((key) => `posenc/${key.slice(2)}`);
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.replaceAll('\\', '/'));
}

function imports(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(/^\s*\*.*$/gm, '');
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s+['"]([^'"]+)['"]/g,
    ),
  ].map((match) => (match[1] ?? match[2] ?? match[3]) as string);
}

function floorOf(packageName: string, file: string): number {
  const room = file.split('/')[0] as string;
  return (floors[packageName] as readonly (readonly string[])[]).findIndex((rooms) => rooms.includes(room));
}

describe.each(Object.keys(floors))('%s', (packageName) => {
  const source = join(root, 'packages', packageName, 'src');
  const files = sources(source);

  test('every file lies in a room', () => {
    expect(files.filter((file) => floorOf(packageName, file) < 0)).toEqual([]);
  });

  test('imports go to the same room or a lower floor, never out of the package', () => {
    const wrong: string[] = [];
    for (const file of files) {
      for (const specifier of imports(join(source, file))) {
        if (!specifier.startsWith('.')) {
          if (!outside[packageName]?.(file, specifier)) wrong.push(`${file} → ${specifier}`);
          continue;
        }
        const target = relative(source, join(source, dirname(file), specifier)).replaceAll('\\', '/');
        const sameRoom = target.split('/')[0] === file.split('/')[0];
        if (target.startsWith('..') || (!sameRoom && floorOf(packageName, target) >= floorOf(packageName, file))) {
          wrong.push(`${file} → ${target}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  test('no file imports itself through others', () => {
    const graph = new Map(
      files.map((file) => [
        file,
        imports(join(source, file))
          .filter((specifier) => specifier.startsWith('.'))
          .map((specifier) => relative(source, join(source, dirname(file), specifier)).replaceAll('\\', '/')),
      ]),
    );
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      else if (!done.has(file)) {
        for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
        done.add(file);
      }
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });

  test('ARCHITECTURE.md names every room', () => {
    const architecture = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
    const rooms = new Set(files.map((file) => file.split('/')[0] as string));
    expect([...rooms].filter((room) => !architecture.includes(`\`${room.replace(/\.ts$/, '')}`))).toEqual([]);
  });
});

/** Inside `tasks/`, from the ground up; rooms of one floor know nothing of each other. */
const taskFloors = [
  ['metrics', 'task.ts'],
  ['shared'],
  ['text', 'language', 'order', 'forecast', 'pictures', 'problems'],
  ['index.ts'],
];

test('tasks stand on what they share and not on each other', () => {
  const folder = join(root, 'packages/lab/src/tasks');
  const roomOf = (file: string): string => file.split('/')[0] as string;
  const floor = (file: string): number => taskFloors.findIndex((rooms) => rooms.includes(roomOf(file)));
  const files = sources(folder);
  expect(files.filter((file) => floor(file) < 0)).toEqual([]);
  const wrong = files.flatMap((file) =>
    imports(join(folder, file))
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => join(dirname(file), specifier).replaceAll('\\', '/'))
      .filter((target) => !target.startsWith('..') && roomOf(target) !== roomOf(file) && floor(target) >= floor(file))
      .map((target) => `${file} → ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('the encodings know neither each other nor an engine', () => {
  const folder = join(root, 'packages/posenc/src/encodings');
  const wrong = sources(folder).flatMap((file) =>
    imports(join(folder, file))
      .filter((specifier) => {
        const target = join(dirname(file), specifier);
        const outsideEncodings = target.startsWith('..');
        const partOfThisOne = dirname(target).startsWith(`${dirname(file)}/`);
        return outsideEncodings ? /engines|registry/.test(target) : !partOfThisOne;
      })
      .map((specifier) => `${file} → ${specifier}`),
  );
  expect(wrong).toEqual([]);
});
