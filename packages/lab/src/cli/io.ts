/** The outside world as the command line sees it, so that tests can put another in its place. Knows no command. */
import { isatty } from 'node:tty';

/** Where text goes. */
export interface TextOutput {
  write(text: string | Uint8Array): unknown;
  readonly isTTY: boolean;
  /** Characters in a line; 80 when unknown. */
  readonly columns: number;
  readonly rows: number;
}

export interface CommandLineIo {
  /** What is piped in. */
  readonly stdin: AsyncIterable<Uint8Array> & { readonly isTTY: boolean };
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  /** Relative output folders and files start here. */
  readonly cwd: string;
  /** Milliseconds on a clock that only goes forward. */
  now(): number;
  /** Calls `handler` at every Ctrl-C or request to end; returns what takes it back. */
  onInterrupt(handler: () => void): () => void;
}

/** The real one. */
export function processIo(process: NodeJS.Process): CommandLineIo {
  for (const stream of [process.stdout, process.stderr]) {
    // The reader has gone (`posenc list | head -1`): there is nobody left to tell.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit();
      throw error;
    });
  }
  return {
    stdin: {
      [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>,
      isTTY: isatty(0),
    },
    stdout: textOutput(process.stdout),
    stderr: textOutput(process.stderr),
    cwd: process.cwd(),
    now: () => performance.now(),
    onInterrupt: (handler) => {
      process.on('SIGINT', handler);
      process.on('SIGTERM', handler);
      return () => {
        process.off('SIGINT', handler);
        process.off('SIGTERM', handler);
      };
    },
  };
}

function textOutput(stream: NodeJS.WriteStream & { readonly fd: number }): TextOutput {
  return {
    write: (text) => stream.write(text),
    isTTY: isatty(stream.fd),
    get columns() {
      return stream.columns ?? 80;
    },
    get rows() {
      return stream.rows ?? 24;
    },
  };
}
