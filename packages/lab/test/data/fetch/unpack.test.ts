/** Archives made by other programs come out as they went in; what would harm is refused. */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { arMembers } from '../../../src/data/fetch/ar.ts';
import { unpackDebianPackage, unpackFile, unpackTarFile } from '../../../src/data/fetch/unpack.ts';
import { ar, debianPackage, type TarEntry, tar } from './archives.ts';
import { madeByDpkg } from './packages-made-by-dpkg.ts';

let folder: string;
let target: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'posenc-unpack-'));
  target = join(folder, 'target');
  mkdirSync(target);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function saved(content: Buffer): string {
  const path = join(folder, 'archive');
  writeFileSync(path, content);
  return path;
}

function unpack(content: Buffer, keep: readonly string[] = ['data/'], limit?: number): Promise<unknown> {
  return unpackDebianPackage(saved(content), target, { keep, ...(limit === undefined ? {} : { limit }) });
}

describe.each(['xz', 'zstd', 'gzip'] as const)('a package of dpkg-deb, compressed by %s', (compression) => {
  test('has its three members', async () => {
    const members = await arMembers(saved(madeByDpkg[compression]));
    const ending = { xz: 'xz', zstd: 'zst', gzip: 'gz' }[compression];
    expect(members.map(({ name }) => name)).toEqual(['debian-binary', `control.tar.${ending}`, `data.tar.${ending}`]);
  });

  test('gives the files that are kept, and no others', async () => {
    const files = await unpack(madeByDpkg[compression], ['usr/share/tiny/']);
    expect(files).toEqual([
      { path: 'usr/share/tiny/odd.bin', bytes: 1, sha256: sha256('\u0001') },
      { path: 'usr/share/tiny/words.txt', bytes: 16, sha256: sha256('En el principio\n') },
    ]);
    expect(readFileSync(join(target, 'usr/share/tiny/words.txt'), 'utf8')).toBe('En el principio\n');
    expect(readdirSync(join(target, 'usr/share'))).toEqual(['tiny']);
  });

  test('cut off or damaged is an error', async () => {
    const whole = madeByDpkg[compression];
    const cut = Buffer.from(whole.subarray(0, whole.length - 100));
    await expect(unpack(cut)).rejects.toThrow(/the member data\.tar\.\w+ is cut off/);
    const damaged = Buffer.from(whole);
    damaged.fill(0x55, whole.length - 120, whole.length - 60);
    await expect(unpack(damaged, ['usr/'])).rejects.toThrow('cannot be unpacked');
  });
});

test('a single file and the first folder of npm packages', async () => {
  const list = join(folder, 'list.gz');
  writeFileSync(list, gzipSync('Package: a\n'));
  const unpacked = await unpackFile(list, 'list.gz', target, 'list');
  expect(unpacked).toEqual({ path: 'list', bytes: 11, sha256: sha256('Package: a\n') });
  const npm = saved(gzipSync(await tar([{ name: 'package/data/a.txt', content: 'a' }, { name: 'package/b.js' }])));
  const files = await unpackTarFile(npm, 'x.tgz', target, { keep: ['data/'], strip: 1 });
  expect(files.map(({ path }) => path)).toEqual(['data/a.txt']);
});

describe('refused:', () => {
  const good: TarEntry = { name: './data/good.txt', content: 'good' };
  test.each<[string, TarEntry, string]>([
    ['a path upwards', { name: './data/../../evil', content: 'x' }, 'does not stay inside the folder'],
    ['a path upwards at once', { name: '../evil', content: 'x' }, 'does not stay inside the folder'],
    ['an absolute path', { name: '/data/evil', content: 'x' }, 'does not stay inside the folder'],
    ['a path of Windows', { name: 'data\\..\\..\\evil', content: 'x' }, 'does not stay inside the folder'],
    ['a drive of Windows', { name: 'C:evil', content: 'x' }, 'does not stay inside the folder'],
    ['a symbolic link', { name: './data/link', type: 'symlink', linkname: '/etc' }, 'got a symlink'],
    ['a hard link', { name: './data/link', type: 'link', linkname: './data/good.txt' }, 'got a link'],
    ['a link that is not kept', { name: './usr/link', type: 'symlink', linkname: '/etc' }, 'got a symlink'],
    ['a device', { name: './data/zero', type: 'character-device' }, 'got a character-device'],
    ['a name that came before', { name: 'data/good.txt', content: 'bad' }, 'two entries have this name'],
  ])('%s', async (_what, entry, message) => {
    await expect(unpack(await debianPackage([good, entry]))).rejects.toThrow(message);
    expect(readdirSync(folder).sort()).toEqual(['archive', 'target']);
    if (existsSync(join(target, 'data'))) expect(readdirSync(join(target, 'data'))).toEqual(['good.txt']);
  });

  test('a bomb: 10 MB of zeros in 10 kB, when 1 MB may come out', async () => {
    const bomb = await debianPackage([{ name: './data/zeros', content: Buffer.alloc(1e7) }]);
    expect(bomb.length).toBeLessThan(2e4);
    await expect(unpack(bomb, ['data/'], 1e6)).rejects.toThrow('more than 1000000 bytes come out');
  });

  test('an archive without what is to be kept', async () => {
    await expect(unpack(await debianPackage([good]), ['data/', 'usr/words'])).rejects.toThrow('expected usr/words');
  });

  test.each<[string, Buffer, string]>([
    ['no archive', Buffer.from('<html>sign in first</html>'), 'expected an ar archive'],
    ['an empty file', Buffer.alloc(0), 'expected an ar archive'],
    ['an archive without data', ar([['debian-binary', Buffer.from('2.0\n')]]), 'without data.tar'],
    ['no header where one must be', Buffer.from(`!<arch>\n${'x'.repeat(80)}`), 'the header of a member at byte 8'],
    ['an unknown compression', ar([['data.tar.lz', Buffer.from('LZIP')]]), 'to be compressed by xz, zstd or gzip'],
    ['an empty member', ar([['data.tar.xz', Buffer.alloc(0)]]), 'is empty'],
  ])('%s', async (_what, content, message) => {
    await expect(unpack(content)).rejects.toThrow(message);
  });
});

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
