/** `posenc report`: the report again, from records alone. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { parseRecord } from '../record/parse.ts';
import type { RunRecord } from '../record/record.ts';
import { DONE, UsageError } from './errors.ts';
import type { CommandLineIo } from './io.ts';
import { writeOutput } from './output.ts';
import { REPORT_FORMATS, type ReportFormat, renderReport } from './report-formats.ts';

const EXAMPLES = `
Examples:
  posenc report runs/pronounce-1a2b3c4d
  posenc report runs/pronounce-1a2b3c4d --format html --output report.html
  posenc report first/records/rotary-seed0.json second/records/rotary-seed1.json --format json
`;

interface ReportFlags {
  readonly format: ReportFormat;
  readonly output?: string;
}

export function addReportCommand(program: Command, io: CommandLineIo, done: (code: number) => void): void {
  program
    .command('report')
    .summary('make the report again from records')
    .description('Make the report of a comparison again, from its records alone.')
    .argument('<folders or records...>', 'folders of comparisons, or record files')
    .addOption(new Option('--format <format>', 'what to make').choices([...REPORT_FORMATS]).default('terminal'))
    .option('--output <file>', 'write to a file')
    .addHelpText('after', EXAMPLES)
    .action(async (places: readonly string[], { format, output }: ReportFlags) => {
      const records: RunRecord[] = [];
      for (const place of places) {
        for (const path of await recordFiles(place, io.cwd)) records.push(parseRecord(await readText(path), path));
      }
      const context = { columns: io.stdout.columns, color: output === undefined && io.stdout.isTTY };
      const text = await renderReport(format, records, context);
      await writeOutput(text.endsWith('\n') ? text : `${text}\n`, output, io);
      done(DONE);
    });
}

/** A file is itself; a folder is the records in it or in its folder `records`. */
async function recordFiles(place: string, cwd: string): Promise<string[]> {
  const path = resolve(cwd, place);
  const kind = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(
      error.code === 'ENOENT' ? `${place}: no such file or folder` : `${place}: cannot read: ${error.code}`,
      { cause: error },
    );
  });
  if (!kind.isDirectory()) return [path];
  const inner = join(path, 'records');
  const folder = (await stat(inner).catch(() => undefined))?.isDirectory() === true ? inner : path;
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  if (files.length > 0) return files.map((name) => join(folder, name));
  throw new UsageError(`${place}: expected records of finished runs (records/*.json), found none`);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path}: cannot read: ${(error as NodeJS.ErrnoException).code}`, { cause: error });
  }
}
