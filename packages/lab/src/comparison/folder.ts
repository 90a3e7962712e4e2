/**
 * The folder of one comparison: its plan, one record per finished run, checkpoints of the others, reports. A file is
 * there whole or not at all. Knows nothing of processes and screens.
 *
 * ```
 * runs/pronounce-1a2b3c4d/
 *   comparison.json            the plan
 *   records/rotary-seed0.json  one run record each
 *   checkpoints/rotary-seed0.safetensors  of runs that are not finished
 *   report.html  report.md  report.json
 *   tokenizer.json             where the task trains one
 * ```
 */
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { parseRecord } from '../record/parse.ts';
import { RECORD_VERSION, type RunConfiguration, type RunRecord, runConfigurationSchema } from '../record/record.ts';
import { removeCheckpoint } from '../training/checkpoint.ts';
import { type Comparison, canonicalJson } from './plan.ts';

/** A folder or file of a comparison that cannot be used; the message says what to do. */
export class FolderError extends Error {
  override readonly name = 'FolderError';
}

const PLAN = 'comparison.json';
/** Ends the names of files that are being written. */
const PART = '.part';
const planSchema = z.object({
  version: z.literal(RECORD_VERSION),
  identity: z.string(),
  task: z.object({ name: z.string(), title: z.string() }),
  fingerprint: z.string(),
  runs: z.array(runConfigurationSchema),
});

/** Where a comparison lives when no folder is named: `runs/pronounce-1a2b3c4d`. */
export function defaultFolder({ task, identity }: Comparison): string {
  return join('runs', `${task.name}-${identity.slice(0, 8)}`);
}

/** The name of a run's files: `alibi-direction=symmetric-seed0`. */
export function runName({ encoding, seed }: Pick<RunConfiguration, 'encoding' | 'seed'>): string {
  return `${encoding.replaceAll(/[^A-Za-z0-9.=+-]/g, '-')}-seed${seed}`;
}

export function recordPath(folder: string, run: RunConfiguration): string {
  return join(folder, 'records', `${runName(run)}.json`);
}

export function checkpointPath(folder: string, run: RunConfiguration): string {
  return join(folder, 'checkpoints', `${runName(run)}.safetensors`);
}

/**
 * Makes the folder ready for the comparison: a new one gets its plan, one with the same plan is kept as it is.
 *
 * @throws {FolderError} if it holds another comparison or other files, or cannot be written
 */
export async function openFolder(folder: string, comparison: Comparison): Promise<void> {
  const entries = (await readFolder(folder)).filter((name) => !name.endsWith(PART));
  if (entries.includes(PLAN)) {
    const held = await readPlan(folder);
    if (held.identity !== comparison.identity) throw new FolderError(otherComparison(folder, held, comparison));
  } else if (entries.length > 0) {
    throw new FolderError(
      `${folder}: expected an empty folder or one of this comparison, but it holds ${entries[0]}; give another --output`,
    );
  }
  // The plan comes first: a folder with anything else in it and no plan is not ours.
  await explained(folder, 'write', () => mkdir(folder, { recursive: true }));
  if (!entries.includes(PLAN)) {
    const { files: _, notices: __, ...described } = comparison;
    const plan = { version: RECORD_VERSION, ...described };
    await writeWhole(join(folder, PLAN), `${JSON.stringify(plan, null, 2)}\n`);
  }
  for (const [name, text] of Object.entries(comparison.files)) await writeWhole(join(folder, name), text);
  await explained(folder, 'write', () => mkdir(join(folder, 'records'), { recursive: true }));
  await explained(folder, 'write', () => mkdir(join(folder, 'checkpoints'), { recursive: true }));
}

/**
 * The record of a run, if it is finished.
 *
 * @throws {RecordError} if the file is broken
 * @throws {FolderError} if it is of another run
 */
export async function readFinished(folder: string, run: RunConfiguration): Promise<RunRecord | undefined> {
  const path = recordPath(folder, run);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw explain(path, 'read', error);
  }
  const record = parseRecord(text, path);
  if (canonicalJson(record.configuration) === canonicalJson(run)) return record;
  throw new FolderError(
    `${path}: expected the record of ${runName(run)}, got one of another run; delete it to run it again`,
  );
}

/**
 * Keeps the record of a finished run; its checkpoint is no longer needed.
 *
 * @throws {FolderError} when the disk is full or the folder cannot be written
 */
export async function writeRecord(folder: string, record: RunRecord): Promise<void> {
  await writeWhole(recordPath(folder, record.configuration), `${JSON.stringify(record, null, 2)}\n`);
  removeCheckpoint(checkpointPath(folder, record.configuration));
}

/**
 * Writes a file so that it is there whole or not at all: to a temporary name first, then renamed.
 *
 * @throws {FolderError} when the disk is full or the folder cannot be written; what was there before is untouched
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}${PART}`);
  try {
    const file = await open(temporary, 'w');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw explain(path, 'write', error);
  }
}

async function readFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw explain(folder, 'read', error);
  }
}

async function readPlan(folder: string): Promise<z.infer<typeof planSchema>> {
  const path = join(folder, PLAN);
  const text = await explained(path, 'read', () => readFile(path, 'utf8'));
  const bad = `${path}: expected the plan of a comparison`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new FolderError(`${bad}, got text that is not JSON; give another --output`, { cause: error });
  }
  const plan = planSchema.safeParse(value);
  if (plan.success) return plan.data;
  const issue = plan.error.issues[0];
  throw new FolderError(`${bad}, but ${issue?.path.join('.')}: ${issue?.message}; give another --output`);
}

function otherComparison(folder: string, held: z.infer<typeof planSchema>, wanted: Comparison): string {
  const difference = differenceOf(held, wanted);
  return (
    `${folder}: holds another comparison (${difference}); give another --output, ` +
    'or the settings of that comparison to go on with it'
  );
}

/** What differs, in a few words. */
function differenceOf(held: z.infer<typeof planSchema>, wanted: Comparison): string {
  if (held.task.name !== wanted.task.name) return `of the task ${held.task.name}`;
  const list = (runs: readonly RunConfiguration[], key: 'encoding' | 'seed'): string =>
    [...new Set(runs.map((run) => run[key]))].join(', ');
  for (const key of ['encoding', 'seed'] as const) {
    const [have, want] = [list(held.runs, key), list(wanted.runs, key)];
    if (have !== want) return `${key}s ${have} instead of ${want}`;
  }
  const [have, want] = [held.runs[0], wanted.runs[0]];
  if (have !== undefined && want !== undefined) {
    const flat = ({ task, model, training, evaluation }: RunConfiguration) => {
      return { ...task.options, ...model, ...training, evaluationBatchSize: evaluation.batchSize };
    };
    const [a, b]: Record<string, unknown>[] = [flat(have), flat(want)];
    const name = Object.keys({ ...a, ...b }).find((key) => a?.[key] !== b?.[key]);
    if (name !== undefined) return `${name} ${String(a?.[name])} instead of ${String(b?.[name])}`;
  }
  return held.fingerprint === wanted.fingerprint ? 'with other settings' : 'on other data';
}

async function explained<Result>(path: string, action: 'read' | 'write', work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw explain(path, action, error);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space and give the same command again',
  EDQUOT: 'the quota of this disk is used up; free some space and give the same command again',
  EACCES: 'permission denied; give a folder you may write to',
  EPERM: 'the operation is not permitted; give a folder you may write to',
  EROFS: 'the disk is read-only; give another folder',
  ENOTDIR: 'a part of the path is a file, not a folder; give another folder',
  EEXIST: 'it is a file, not a folder; give another folder',
  EISDIR: 'it is a folder, not a file; give another name',
  ENOENT: 'no such file or folder',
  ENAMETOOLONG: 'the name is too long; give a shorter one',
};

/** The error of a file operation in words for people; other errors as they are. */
export function explain(path: string, action: 'read' | 'write', error: unknown): unknown {
  const code = codeOf(error);
  if (code === undefined) return error;
  return new FolderError(`${path}: cannot ${action}: ${REASONS[code] ?? code}`, { cause: error });
}

/** `ENOSPC` and the like, of errors that come from the operating system. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error && 'errno' in error && 'code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
