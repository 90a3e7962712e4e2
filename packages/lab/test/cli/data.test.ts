/** `posenc data` as a person uses it, with servers on this machine. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addDataCommand } from '../../src/cli/data.ts';
import { fetchLine, showFetchProgress } from '../../src/cli/data-progress.ts';
import { reportError } from '../../src/cli/errors.ts';
import { dataSets } from '../../src/data/fetch/data-sets.ts';
import { placesOf } from '../../src/data/fetch/places.ts';
import { type Answer, type FileServer, serve, status } from '../data/fetch/server.ts';
import { type FakeIo, fakeIo, posenc } from './fake-io.ts';

let cache: string;
let server: FileServer;

/** Answers with the first bytes of a file of 374,036 bytes, the size of the package of `yields`. */
const beginning: Answer = (_headers, response) => {
  response.setHeader('content-length', 374036);
  response.write(Buffer.alloc(100_000));
};
const YIELDS = '/debian/pool/main/t/tseries/r-cran-tseries_0.10-53-1_amd64.deb';

beforeEach(async () => {
  cache = mkdtempSync(join(tmpdir(), 'posenc-data-'));
  process.env.POSENC_CACHE = cache;
  server = await serve({ [YIELDS]: beginning, '/snapshot/file/263c8438b8e00fb2635e2ce227af11c6df8789f3': status(410) });
});

afterEach(async () => {
  delete process.env.POSENC_CACHE;
  await server.close();
  rmSync(cache, { recursive: true });
});

/** Runs `posenc data …` against the server. */
async function data(
  argv: readonly string[],
  io: FakeIo = fakeIo(),
): Promise<{ code: number; out: string; err: string }> {
  const program = new Command('posenc').exitOverride().configureOutput({
    writeOut: (text) => io.stdout.write(text),
    writeErr: (text) => io.stderr.write(text),
  });
  let code = 0;
  const configured = { mirror: () => undefined, registry: () => '' };
  const places = { archive: `${server.url}/archive`, snapshot: `${server.url}/snapshot` };
  addDataCommand(
    program,
    io,
    (result) => {
      code = result;
    },
    (mirror) => ({
      ...placesOf(mirror ?? `${server.url}/debian`, {}, configured),
      ...places,
      registry: `${server.url}/npm`,
    }),
  );
  try {
    await program.parseAsync(['data', ...argv], { from: 'user' });
  } catch (error) {
    code = reportError(error, io);
  }
  return { code, out: io.out(), err: io.err() };
}

test('the command is one of posenc', async () => {
  const { code, out } = await posenc(['data', '--help']);
  expect(code).toBe(0);
  for (const text of ['posenc data fetch translate', 'POSENC_CACHE', 'list', 'fetch', 'path', 'remove']) {
    expect(out).toContain(text);
  }
});

describe('list', () => {
  test('names every set with size, licence and tasks, and says that it is not here', async () => {
    const { code, out } = await data(['list']);
    expect(code).toBe(0);
    expect(out).toContain('verses  8 MB, not here');
    expect(out).toContain("from Debian's sword-text-web 426.0-1");
    expect(out).toContain('for translate, entities');
    expect(out.match(/licence: /g)).toHaveLength(7);
    expect(out).toContain(`Cache folder: ${cache}`);
  });

  test('as JSON', async () => {
    const list = JSON.parse((await data(['list', '--json'])).out);
    expect(list.cacheFolder).toBe(cache);
    expect(list.dataSets.map(({ name, here }: { name: string; here: boolean }) => [name, here])).toEqual(
      dataSets.map(({ name }) => [name, false]),
    );
  });
});

describe('fetch', () => {
  test('tells what could not be had, goes on with the others and ends with 1', async () => {
    const { code, out, err } = await data(['fetch', 'electricity', 'exchange']);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('error: electricity: r-cran-forecast 8.20-1 could not be fetched:');
    expect(err).toContain('404 Not Found');
    expect(err).toContain('410 Gone');
    expect(err).toContain('error: exchange: r-cran-timeseries 4021.105-2 could not be fetched:');
  });

  test('the name of a task stands for its sets, each once', async () => {
    await data(['fetch', 'translate', 'entities', 'verses']);
    expect(server.requests[0]).toBe('GET /debian/pool/main/s/sword-text-web/sword-text-web_426.0-1_all.deb');
    // The first package fails at the mirror and at the archive, and the set with it.
    expect(server.requests).toHaveLength(2);
  });

  test('Ctrl-C keeps what has come, says how to go on and ends with 130', async () => {
    const io = fakeIo();
    const running = data(['fetch', 'yields'], io);
    await expect.poll(() => server.requests.length).toBe(1);
    await expect.poll(() => readdirSync(join(cache, 'downloads/yields')).length).toBe(1);
    io.interrupt();
    const { code, err } = await running;
    expect(code).toBe(130);
    expect(err).toContain('r-cran-tseries 0.10-53-1: 0.4 MB\n');
    expect(err).toContain('Stopped: what has come is kept. The same command goes on from there.');
    expect(readdirSync(join(cache, 'downloads/yields'))).toEqual(['8f2d2fd1880f3a2c.part']);
  });

  test.each([
    [['fetch', 'vreses'], 'Did you mean verses?'],
    [['fetch', 'pronounce'], 'the task pronounce needs nothing fetched'],
    [['fetch'], "missing required argument 'names'"],
    [['fetch', 'verses', '--mirror', 'nowhere'], 'expected the address of a mirror of Debian'],
    [['path', 'forecast'], 'the task forecast uses yields, exchange, electricity'],
    [['remove', 'x'], 'Did you mean'],
  ])('%j is wrong use', async (argv, message) => {
    const { code, err } = await data(argv);
    expect(err).toContain(message);
    expect(code).toBe(2);
    expect(server.requests).toEqual([]);
  });
});

test('path of what is not here ends with 1 and says what to run', async () => {
  const { code, out, err } = await data(['path', 'fashion']);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toContain('run `posenc data fetch fashion` (31 MB, no root needed)');
});

test('remove of what is not here says so', async () => {
  expect(await data(['remove', 'forecast'])).toEqual({
    code: 0,
    out: 'yields: was not here\nexchange: was not here\nelectricity: was not here\n',
    err: '',
  });
});

describe('progress', () => {
  test('the line has the rate since it began here, not of what was here before', () => {
    // 3 MB in 2 s after the first 1 MB; 4 of 8 MB are left at 1.5 MB/s.
    const line = fetchLine({ title: 'x', received: 4e6, bytes: 8e6 }, { first: 1e6, startedAt: 1000 }, 3000);
    expect(line).toBe('x  ████████░░░░░░░░  4.0 of 8.0 MB  1.5 MB/s  3 s left');
  });

  test('on a narrow terminal the title gives way, not the numbers', () => {
    const io = fakeIo({ columns: 60, isTTY: true });
    const display = showFetchProgress('live', { stderr: io.stderr, now: () => 0 });
    display.note({ title: 'a-package-with-a-very-long-name 1.0~git20200523.55506a9-1', received: 0, bytes: 5e6 });
    display.end();
    expect(io.err()).toContain('a-package-with-a-very-long…  ░░░░░░░░░░░░░░░░  0.0 of 5.0 MB');
  });

  test('without a terminal: one line for each file, and one every ten seconds', () => {
    const io = fakeIo();
    let now = 0;
    const display = showFetchProgress('lines', { stderr: io.stderr, now: () => now });
    for (const second of [0, 1, 2, 9, 11, 12]) {
      now = second * 1000;
      display.note({ title: 'a', received: 2e6 + second * 1e6, bytes: 20e6 });
    }
    display.note({ title: 'b', received: 5e6, bytes: 5e6 });
    expect(io.err().split('\n')).toEqual([
      'a: 20 MB, going on after 2 MB',
      'a  ██████████░░░░░░  13.0 of 20.0 MB  1.0 MB/s  7 s left',
      'b: 5 MB, here already',
      '',
    ]);
  });
});
