/** A world for the command line that remembers what was written. */
import type { CommandLineIo, TextOutput } from '../../src/cli/io.ts';
import { main } from '../../src/cli/run-cli.ts';
import type { StartWorker } from '../../src/comparison/worker-process.ts';

export interface FakeIo extends CommandLineIo {
  interrupt(): void;
  readonly out: () => string;
  readonly bytes: () => Buffer;
  readonly err: () => string;
}

export function fakeIo({ cwd = '/', isTTY = false, columns = 100, piped = '' } = {}): FakeIo {
  const written: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  const handlers = new Set<() => void>();
  const output = (name: 'stdout' | 'stderr'): TextOutput => ({
    write: (text) => written[name].push(Buffer.from(text)),
    isTTY,
    columns,
    rows: 24,
  });
  const bytes = (name: 'stdout' | 'stderr') => Buffer.concat(written[name]);
  return {
    stdin: {
      isTTY: piped === '',
      async *[Symbol.asyncIterator]() {
        yield Buffer.from(piped);
      },
    },
    stdout: output('stdout'),
    stderr: output('stderr'),
    cwd,
    now: () => performance.now(),
    onInterrupt: (handler) => {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    interrupt: () => {
      for (const handler of handlers) handler();
    },
    out: () => bytes('stdout').toString(),
    bytes: () => bytes('stdout'),
    err: () => bytes('stderr').toString(),
  };
}

/** Runs one command and returns what came of it. */
export async function posenc(
  argv: readonly string[],
  world: Parameters<typeof fakeIo>[0] = {},
  startWorker?: StartWorker,
): Promise<{ readonly code: number; readonly out: string; readonly err: string; readonly bytes: Buffer }> {
  const io = fakeIo(world);
  const code = await main(argv, io, startWorker);
  return { code, out: io.out(), err: io.err(), bytes: io.bytes() };
}
