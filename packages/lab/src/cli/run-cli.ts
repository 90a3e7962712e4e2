/** The command line: commands, their help and their exit codes. The world outside is passed in. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { forkWorker, type StartWorker } from '../comparison/worker-process.ts';
import { addCompareCommand } from './compare.ts';
import { addDataCommand } from './data.ts';
import { reportError, WRONG_USE } from './errors.ts';
import type { CommandLineIo } from './io.ts';
import { addListCommand } from './list.ts';
import { addReportCommand } from './report.ts';
import { addShowCommand } from './show.ts';
import { addVectorsCommand } from './vectors.ts';

const EXAMPLES = `
Exit codes: 0 done, 1 a run failed, 2 wrong use, 130 stopped by Ctrl-C.

Examples:
  posenc compare
  posenc compare --task forecast --data prices.csv --encodings sinusoidal,learned,rotary --seeds 3
  posenc list
  posenc data fetch translate
  posenc show rotary
  posenc vectors rotary --dim 64 --base 10000 --positions 0:16 --json
  posenc report runs/pronounce-1a2b3c4d
  posenc help compare
`;

/**
 * Does what `argv` says (without the names of node and of the program) and returns the exit code.
 *
 * @param startWorker - how `compare` starts a worker; tests put another in its place
 */
export async function main(
  argv: readonly string[],
  io: CommandLineIo,
  startWorker: StartWorker = forkWorker,
): Promise<number> {
  let code = 0;
  const program = commandLine(io, startWorker, (result) => {
    code = result;
  });
  try {
    if (argv.length === 0) {
      program.outputHelp({ error: true });
      return WRONG_USE;
    }
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return reportError(error, io);
  }
}

function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return version;
}

function commandLine(io: CommandLineIo, startWorker: StartWorker, done: (code: number) => void): Command {
  const program = new Command('posenc')
    .description('Positional encodings for transformers: compare them by experiment, print their numbers.')
    .version(packageVersion(), '--version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => Math.min(io.stdout.columns, 110),
      getErrHelpWidth: () => Math.min(io.stderr.columns, 110),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .configureHelp({ minWidthToWrap: 20 })
    .showSuggestionAfterError()
    .addHelpText('after', EXAMPLES);
  addCompareCommand(program, io, done, startWorker);
  addDataCommand(program, io, done);
  addListCommand(program, io, done);
  addReportCommand(program, io, done);
  addShowCommand(program, io, done);
  addVectorsCommand(program, io, done);
  return program;
}
