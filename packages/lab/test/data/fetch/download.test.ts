/** One file against a server on this machine that cuts, lies, changes and vanishes. */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DataError } from '../../../src/data/data-error.ts';
import { type DownloadOptions, download } from '../../../src/data/fetch/download.ts';
import { type Answer, type FileServer, file, serve, status } from './server.ts';

/** 100,000 bytes without a period that a wrong start could hide in. */
const content = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * index) >> 5));
const other = Buffer.from(content).reverse();
const sha256 = createHash('sha256').update(content).digest('hex');

let folder: string;
let part: string;
let servers: FileServer[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'posenc-download-'));
  part = join(folder, 'file.part');
  servers = [];
});

afterEach(async () => {
  for (const server of servers) await server.close();
  rmSync(folder, { recursive: true });
});

async function serving(...answers: readonly Answer[]): Promise<FileServer> {
  const server = await serve({ '/file': answers });
  servers.push(server);
  return server;
}

function get(urls: readonly (FileServer | string)[], options: DownloadOptions = {}): Promise<string | undefined> {
  return download(
    part,
    {
      title: 'tiny 1.0',
      urls: urls.map((url) => (typeof url === 'string' ? url : `${url.url}/file`)),
      bytes: content.length,
      checksum: { algorithm: 'sha256', digest: sha256 },
    },
    { pause: 1, ...options },
  );
}

/** The message of the error that must come. */
async function failure(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DataError);
  return (error as DataError).message;
}

test('a file comes whole, and its bytes are counted', async () => {
  const server = await serving(file(content));
  const seen: number[] = [];
  expect(await get([server], { onProgress: (received) => seen.push(received) })).toBe(`${server.url}/file`);
  expect(readFileSync(part).equals(content)).toBe(true);
  expect([seen[0], seen.at(-1)]).toEqual([0, content.length]);
});

describe('going on where it stopped', () => {
  test('after cut connections, with the tag of the file', async () => {
    const server = await serving(file(content, { etag: '"a"', cutAfter: 30_000 }));
    await get([server]);
    expect(readFileSync(part).equals(content)).toBe(true);
    expect(server.requests).toEqual([
      'GET /file',
      'GET /file bytes=30000-',
      'GET /file bytes=60000-',
      'GET /file bytes=90000-',
    ]);
  });

  test('in another call', async () => {
    writeFileSync(part, content.subarray(0, 70_000));
    const server = await serving(file(content));
    await get([server]);
    expect(readFileSync(part).equals(content)).toBe(true);
    expect(server.requests).toEqual(['GET /file bytes=70000-']);
  });

  test('from the start when the server knows no ranges', async () => {
    writeFileSync(part, content.subarray(0, 70_000));
    await get([await serving(file(content, { ignoreRange: true }))]);
    expect(readFileSync(part).equals(content)).toBe(true);
  });

  // A weak tag cannot be sent along: then it takes one more request to see the change.
  test.each([
    ['"b"', ['GET /file', 'GET /file bytes=30000-']],
    ['W/"b"', ['GET /file', 'GET /file bytes=30000-', 'GET /file']],
  ])('from the start when the file got the tag %s meanwhile', async (etag, requests) => {
    const old = file(other, { etag: etag.replace('b', 'a'), cutAfter: 30_000 });
    const server = await serving(old, file(content, { etag }));
    await get([server]);
    expect(server.requests).toEqual(requests);
    expect(readFileSync(part).equals(content)).toBe(true);
  });

  test('from the start when the file on the server has another size', async () => {
    writeFileSync(part, content.subarray(0, 70_000));
    const server = await serving(file(Buffer.concat([content, content])), file(content));
    await get([server]);
    expect(server.requests).toEqual(['GET /file bytes=70000-', 'GET /file']);
    expect(readFileSync(part).equals(content)).toBe(true);
  });

  test('from the start when the server has less than is here', async () => {
    writeFileSync(part, content.subarray(0, 70_000));
    await get([await serving(file(content.subarray(0, 60_000)), file(content))]);
    expect(readFileSync(part).equals(content)).toBe(true);
  });

  test('from the start, once, when the whole is wrong with what was here', async () => {
    writeFileSync(part, other.subarray(0, 70_000));
    const server = await serving(file(content));
    await get([server]);
    expect(server.requests).toEqual(['GET /file bytes=70000-', 'GET /file']);
    expect(readFileSync(part).equals(content)).toBe(true);
  });

  test('asks nobody when all is here', async () => {
    writeFileSync(part, content);
    const server = await serving(file(content));
    expect(await get([server])).toBeUndefined();
    expect(server.requests).toEqual([]);
  });

  test('after the signal: what has come stays', async () => {
    const stop = new AbortController();
    const server = await serving((_headers, response) => {
      response.setHeader('content-length', content.length);
      response.write(content.subarray(0, 40_000));
    });
    const stopped = get([server], {
      signal: stop.signal,
      onProgress: (received) => received >= 40_000 && stop.abort(new Error('enough')),
    });
    await expect(stopped).rejects.toThrow('enough');
    expect(readFileSync(part).equals(content.subarray(0, 40_000))).toBe(true);
  });
});

describe('what is not the file is deleted and told:', () => {
  test('a wrong checksum', async () => {
    const message = await failure(get([await serving(file(other))]));
    const got = createHash('sha256').update(other).digest('hex');
    expect(message).toContain(`wrong checksum, so it was deleted: expected sha256 ${sha256}, got ${got}`);
    expect(existsSync(part)).toBe(false);
  });

  test('another length', async () => {
    const message = await failure(get([await serving(file(content.subarray(1)))]));
    expect(message).toContain('expected a file of 100000 bytes, the server offers 99999');
  });

  test('more bytes than expected, without a length', async () => {
    const endless = Buffer.concat([content, content]);
    const message = await failure(get([await serving(file(endless, { chunked: true }))]));
    expect(message).toContain('sends more than the 100000 bytes expected, so it was deleted');
    expect(existsSync(part)).toBe(false);
  });
});

describe('addresses that fail', () => {
  test('the next one is asked', async () => {
    const [first, second] = [await serving(status(404)), await serving(file(content))];
    expect(await get([first, second])).toBe(`${second.url}/file`);
    expect(first.requests).toHaveLength(1);
  });

  test('a server with trouble of its own is asked again', async () => {
    const server = await serving(status(503), status(429), file(content));
    await get([server]);
    expect(server.requests).toHaveLength(3);
  });

  test('the error names each with its reason', async () => {
    const gone = await serving(status(404));
    const silent = await serving(status(500));
    const message = await failure(get([gone, silent]));
    expect(message).toContain(`tiny 1.0 could not be fetched:\n  ${gone.url}/file\n    404 Not Found\n`);
    expect(message).toContain(`${silent.url}/file\n    500 Internal Server Error, after 4 tries`);
    expect(message).toContain('--mirror URL');
  });

  test('nobody listening: the error says what to look at', async () => {
    const server = await serving(status(404));
    await server.close();
    servers = [];
    const message = await failure(get([server]));
    expect(message).toContain('ECONNREFUSED');
    expect(message).toContain('Is this machine online?');
  });

  test('a connection that always breaks at the same place: the beginning is kept', async () => {
    const server = await serving(file(content, { ignoreRange: true, cutAfter: 30_000 }));
    const message = await failure(get([server]));
    expect(message).toContain('after 4 tries');
    expect(message).toContain('the same command goes on from there');
    // The first brought new bytes, the next four did not.
    expect(server.requests).toHaveLength(5);
    expect(readFileSync(part)).toHaveLength(30_000);
  });

  test('a connection that falls silent counts as cut', async () => {
    const silent: Answer = (_headers, response) => {
      response.setHeader('content-length', content.length);
      response.write(content.subarray(0, 10_000));
    };
    await get([await serving(silent, file(content))], { idle: 100 });
    expect(readFileSync(part).equals(content)).toBe(true);
  });
});

test('a folder that is not there is an error of the disk, not of the network', async () => {
  part = join(folder, 'missing', 'file.part');
  expect(await failure(get([await serving(file(content))]))).toContain('cannot be written');
});
