/** A person's own pictures and clips: folders, arrays and tables, good ones and bad ones. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { naturalOrder, type ReadClips } from '../../src/data/pictures/labelled.ts';
import { type OwnOptions, readOwnClips } from '../../src/data/pictures/own.ts';
import { createRefusals, type Refusals } from '../../src/data/refusals.ts';
import { classFolder, folderWith, idxBytes, npyBytes, numberedPng } from '../fixtures/pictures/folders.ts';
import { goldenFile, goldens } from '../fixtures/pictures/goldens.ts';

interface Read extends ReadClips {
  readonly refusals: Refusals;
}

async function read(path: string, options: Partial<OwnOptions> = {}): Promise<Read> {
  const refusals = createRefusals(path, 1);
  const found = await readOwnClips(path, { holds: 'pictures', needsLabels: true, color: 'keep', refusals, ...options });
  return { ...found, refusals };
}

test('names are in the order in which people count', () => {
  const names = ['f10', 'f9', 'f09', 'a2b10', 'a2b9', 'f', 'b', '100', '99'];
  expect(names.sort(naturalOrder)).toEqual(['99', '100', 'a2b9', 'a2b10', 'b', 'f', 'f09', 'f9', 'f10']);
});

describe('a folder of pictures by class', () => {
  test('is read in the order of names, whatever files are called and wherever in the class they lie', async () => {
    const folder = folderWith({
      'katze/10.png': numberedPng(10),
      'katze/9.png': numberedPng(9),
      'katze/alt/1.PNG': numberedPng(1),
      'perro ñ/sin extensión': goldenFile('grey.jpg'),
    });
    const { examples, rows, format, refusals } = await read(folder, { resize: 8 });
    expect(examples.map(({ name, label, line }) => [line, name, label])).toEqual([
      [1, 'katze/9.png', 'katze'],
      [2, 'katze/10.png', 'katze'],
      [3, 'katze/alt/1.PNG', 'katze'],
      [4, 'perro ñ/sin extensión', 'perro ñ'],
    ]);
    expect(examples.map(({ clip }) => clip.pixels[0]).slice(0, 3)).toEqual([9, 10, 1]);
    expect([rows, format, refusals.count]).toEqual([4, 'folder of pictures by class', 0]);
  });

  test('a grey picture among colored ones is in color; all are grey if asked for', async () => {
    const folder = folderWith({ 'a/1.png': goldenFile('color.png'), 'b/1.png': goldenFile('grey.png') });
    const kept = await read(folder);
    expect(kept.examples.map(({ clip }) => clip.channels)).toEqual([3, 3]);
    const grey = await read(folder, { color: 'grey' });
    expect(grey.examples.map(({ clip }) => clip.channels)).toEqual([1, 1]);
    expect(Buffer.from(grey.examples[0]?.clip.pixels as Uint8Array).toString('base64')).toBe(
      goldens.pictures['color.png']?.grey,
    );
  });

  test('each file that cannot be used is refused by its name, and the others are read', async () => {
    const folder = classFolder(['a', 'b'], 3, {
      'a/broken.png': numberedPng(5).subarray(0, 40),
      'a/empty.jpg': '',
      'a/notes.txt': 'not a picture',
      'b/deep.png': goldenFile('sixteen-bit.png'),
      'b/print.jpg': goldenFile('cmyk.jpg'),
      'b/large.png': numberedPng(1, { size: 9 }),
    });
    mkdirSync(join(folder, 'nothing'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'b/link.png'));
    const { examples, rows, refusals } = await read(folder);
    expect([examples.length, rows, refusals.count, refusals.unit]).toEqual([6, 13, 7, 'file']);
    const reasons = Object.fromEntries(
      refusals.first.map(({ reason }) => reason.split(/: (.*)/s, 2) as [string, string]),
    );
    expect(reasons['a/broken.png']).toMatch(/the PNG file is cut off/);
    expect(reasons['a/empty.jpg']).toMatch(/got an empty file/);
    expect(reasons['a/notes.txt']).toMatch(/expected a PNG or JPEG picture, got another file/);
    expect(reasons['b/deep.png']).toMatch(/expected 8 bits a channel, got 16/);
    expect(reasons['b/print.jpg']).toMatch(/got CMYK/);
    expect(reasons['b/large.png']).toMatch(/expected 8 × 8 pixels as most have, got 9 × 9; give --resize 32/);
    expect(reasons['b/link.png']).toMatch(/cannot be read: ENOENT/);
  });

  test('files that systems leave are counted and passed over', async () => {
    const folder = classFolder(['a', 'b'], 3, {
      'a/.DS_Store': 'x',
      'b/Thumbs.db': 'x',
      '.hidden/1.png': 'x',
      '.a': 'x',
    });
    const { rows, refusals, notes } = await read(folder);
    expect([rows, refusals.count]).toEqual([6, 0]);
    expect(notes).toEqual([expect.stringMatching(/^4 files that systems leave in folders .* were passed over\.$/)]);
  });

  test('groups are what an expression matches in names; a name in which it does not match is refused', async () => {
    const folder = folderWith({
      'a/tom_1.png': numberedPng(1),
      'a/tom_2.png': numberedPng(2),
      'b/sid-1.png': numberedPng(3),
    });
    const whole = await read(folder, { group: '^[^_-]+' });
    expect(whole.examples.map(({ group }) => group)).toEqual(['tom', 'tom', 'sid']);
    const { examples, refusals } = await read(folder, { group: '^(t)om_' });
    expect(examples.map(({ group }) => group)).toEqual(['t', 't']);
    expect(refusals.first).toEqual([
      { line: 3, reason: 'b/sid-1.png: expected a name in which --group ^(t)om_ matches' },
    ]);
    await expect(read(folder, { group: '(' })).rejects.toThrow(/--group: expected a regular expression .* got \($/);
  });

  test.each([
    ['an empty folder', {}, /expected a subfolder for each class with pictures in it, got no files/],
    ['pictures without classes', { '1.png': numberedPng(1) }, /got files in it alone, such as 1\.png/],
    [
      'some without a class',
      { '2.png': 'x', 'a/1.png': numberedPng(1) },
      /1 files that belong to none, such as 2\.png; move/,
    ],
  ])('%s is an error', async (_, files, message) => {
    await expect(read(folderWith(files))).rejects.toThrow(message);
  });

  test('so is a single picture, a missing path, and labels beside a folder', async () => {
    const folder = classFolder(['a', 'b'], 3);
    await expect(read(join(folder, 'a/1.png'))).rejects.toThrow(/expected a folder with a subfolder for each class/);
    await expect(read(join(folder, 'c'))).rejects.toThrow(/no such file/);
    await expect(read(folder, { labels: 'x.csv' })).rejects.toThrow(/classes of a folder are its subfolders/);
  });
});

describe('a folder of frames by class', () => {
  const clips = (more: Readonly<Record<string, Buffer | string>> = {}): string =>
    folderWith({
      'up/one/frame10.png': numberedPng(10),
      'up/one/frame9.png': numberedPng(9),
      'down/two/a.png': goldenFile('grey.png'),
      'down/two/b.png': goldenFile('color.png'),
      'down/two/c.png': goldenFile('interlaced.png'),
      ...more,
    });

  test('has clips with frames in the order of their names, in color if one is', async () => {
    const { examples } = await read(clips(), { holds: 'clips', resize: 8 });
    expect(examples.map(({ name, label, clip }) => [name, label, clip.frames, clip.channels])).toEqual([
      ['down/two', 'down', 3, 3],
      ['up/one', 'up', 2, 3],
    ]);
    const up = examples[1]?.clip.pixels as Uint8Array;
    expect([up[0], up[8 * 8 * 3]]).toEqual([9, 10]);
  });

  test('a bad frame refuses its clip by name', async () => {
    const folder = clips({
      'up/three/1.png': numberedPng(1),
      'up/three/2.png': 'x',
      'up/four/1.png': numberedPng(1),
      'up/four/2.png': numberedPng(2, { size: 9 }),
    });
    const { examples, refusals } = await read(folder, { holds: 'clips' });
    expect(examples.length).toBe(1);
    expect(refusals.first.map(({ reason }) => reason)).toEqual([
      'up/four: expected frames of 8 × 8 pixels as the first, got 9 × 9; give --resize 32',
      'up/three: 2.png: expected a PNG or JPEG picture, got another file by its first bytes',
      expect.stringMatching(/^(down\/two|up\/one): expected .* pixels as most have/),
    ]);
  });

  test('frames without a folder of their own are an error', async () => {
    const folder = clips({ 'up/5.png': numberedPng(5) });
    await expect(read(folder, { holds: 'clips' })).rejects.toThrow(
      /with a folder of frames for each clip, got 1 files that/,
    );
  });
});

describe('arrays', () => {
  const pictures = npyBytes(
    [4, 2, 2],
    Uint8Array.from({ length: 16 }, (_, at) => at),
  );

  test('NumPy pictures with labels and groups in a table', async () => {
    const folder = folderWith({ 'x.npy': pictures, 'y.csv': 'who,label\nann,cat\nann,dog\nbob,"cat"\nbob,dog\n' });
    const labels = join(folder, 'y.csv');
    const { examples } = await read(join(folder, 'x.npy'), { labels, group: 'who' });
    expect(examples.map(({ name, label, group }) => [name, label, group])).toEqual([
      ['row 1', 'cat', 'ann'],
      ['row 2', 'dog', 'ann'],
      ['row 3', 'cat', 'bob'],
      ['row 4', 'dog', 'bob'],
    ]);
    expect([...(examples[1]?.clip.pixels ?? [])]).toEqual([4, 5, 6, 7]);
  });

  test('labels of NumPy, also compressed; clips; clips without labels', async () => {
    const folder = folderWith({
      'x.npy.gz': gzipSync(pictures),
      'y.npy': goldenFile('words.npy'),
      'v.npy': npyBytes([2, 2, 2, 2], pictures.subarray(-16)),
    });
    const { examples } = await read(join(folder, 'x.npy.gz'), { labels: join(folder, 'y.npy') });
    expect(examples.map(({ label }) => label)).toEqual(['cat', 'dog', 'éléphant', '🐈']);
    const clips = await read(join(folder, 'v.npy'), { holds: 'clips', needsLabels: false });
    expect(clips.examples.map(({ clip, label }) => [clip.frames, clip.height, label])).toEqual([
      [2, 2, ''],
      [2, 2, ''],
    ]);
  });

  test('whole numbers from 0 to 255 are bytes already, whatever their type', async () => {
    const folder = folderWith({ 'x.npy': goldenFile('big-endian.npy'), 'y.csv': 'label\na\nb\n' });
    const { examples } = await read(join(folder, 'x.npy'), { labels: join(folder, 'y.csv') });
    expect(examples.flatMap(({ clip }) => [...clip.pixels])).toEqual(goldens.arrays['big-endian']?.values);
  });

  test('real numbers from 0 to 1 become bytes; a picture with others is refused', async () => {
    const values = (goldens.arrays.float32?.values ?? []) as number[];
    const good = folderWith({ 'x.npy': goldenFile('float32.npy'), 'y.csv': 'label\na\nb\n' });
    const { examples } = await read(join(good, 'x.npy'), { labels: join(good, 'y.csv') });
    expect(examples.flatMap(({ clip }) => [...clip.pixels])).toEqual(values.map((value) => Math.round(255 * value)));
    const bytes = goldenFile('float32.npy');
    bytes.writeFloatLE(Number.NaN, bytes.length - 4);
    const bad = folderWith({ 'x.npy': bytes, 'y.csv': 'label\na\nb\n' });
    const { refusals } = await read(join(bad, 'x.npy'), { labels: join(bad, 'y.csv') });
    expect(refusals.first).toEqual([
      { line: 2, reason: 'expected real numbers from 0 to 1, got NaN; bring the values into that range' },
    ]);
    expect(refusals.unit).toBe('row');
  });

  test('IDX files are found by their names, in a folder or one by one; published parts are kept', async () => {
    const folder = folderWith({
      'train-images-idx3-ubyte.gz': gzipSync(idxBytes([2, 1, 2], [1, 2, 3, 4])),
      'train-labels-idx1-ubyte.gz': gzipSync(idxBytes([2], [7, 8])),
      't10k-images-idx3-ubyte': idxBytes([1, 1, 2], [5, 6]),
      't10k-labels-idx1-ubyte': idxBytes([1], [7]),
      'readme.txt': 'x',
    });
    const { examples, rows } = await read(folder);
    expect(rows).toBe(3);
    expect(examples.map(({ line, name, label, part, clip }) => [line, name, label, part, [...clip.pixels]])).toEqual([
      [1, 't10k-images-idx3-ubyte row 1', '7', 'test', [5, 6]],
      [2, 'train-images-idx3-ubyte.gz row 1', '7', 'train', [1, 2]],
      [3, 'train-images-idx3-ubyte.gz row 2', '8', 'train', [3, 4]],
    ]);
    const one = await read(join(folder, 'train-images-idx3-ubyte.gz'));
    expect(one.examples.map(({ label, part }) => [label, part])).toEqual([
      ['7', undefined],
      ['8', undefined],
    ]);
  });

  const files = {
    'x.npy': pictures,
    'images.idx': idxBytes([1, 1, 2], [5, 6]),
    'three.csv': 'label\na\nb\nc\n',
    'hole.csv': 'label,n\na,1\n,2\nc,3\nd,4\n',
    'other.csv': 'size,color\n1,red\n2,red\n3,red\n4,red\n',
    'flat.npy': npyBytes([4], [1, 2, 3, 4]),
    'first.npy': npyBytes([1, 3, 2, 2], new Array(12).fill(1)),
    'words.npy': goldenFile('words.npy'),
    'empty.npy': goldenFile('empty.npy'),
  };
  test.each([
    ['x.npy', undefined, {}, /expected labels beside the array; give --label/],
    ['images.idx', undefined, {}, /expected labels beside it \(.*labels\.idx\); give --label with their file/],
    ['x.npy', 'three.csv', {}, /expected a label for each of the 4 examples in .*x\.npy, got 3/],
    ['x.npy', 'hole.csv', {}, /line 3: expected a label, got an empty cell/],
    ['x.npy', 'other.csv', {}, /which column is the label\? Give --label with one of size, color/],
    ['x.npy', 'x.npy', {}, /expected one label for each example \[N\], got an array of 4 × 2 × 2/],
    ['x.npy', 'three.csv', { group: 'who' }, /--group: expected a column of the file \(label\), got who/],
    ['flat.npy', 'three.csv', {}, /expected pictures \[N, H, W\] or \[N, H, W, 3\], got an array of 4$/],
    ['first.npy', 'three.csv', {}, /got an array of 1 × 3 × 2 × 2; move the colors to the last axis/],
    ['words.npy', 'three.csv', {}, /expected an array of numbers, got texts/],
    ['empty.npy', 'three.csv', {}, /got an array of 0 × 4 × 4/],
    [
      'x.npy',
      'three.csv',
      { holds: 'clips' },
      /expected clips \[N, T, H, W\] or \[N, T, H, W, 3\], got an array of 4 × 2 × 2/,
    ],
    ['images.idx', 'three.csv', { holds: 'clips' }, /or an array \(\.npy\) with labels, got another file/],
  ] as const)('%s with labels %s is an error', async (name, labelFile, options, message) => {
    const folder = folderWith(files);
    const labels = labelFile === undefined ? {} : { labels: join(folder, labelFile) };
    await expect(read(join(folder, name), { ...labels, ...options })).rejects.toThrow(message);
  });
});
