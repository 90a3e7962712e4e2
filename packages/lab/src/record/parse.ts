/** Reads a run record from text and checks it. Knows nothing of files. */
import { z } from 'zod';
import { RECORD_VERSION, type RunRecord, runRecordSchema } from './record.ts';

/** A record that cannot be read; the message says which, where and what to do. */
export class RecordError extends Error {
  override readonly name = 'RecordError';
}

/**
 * The record in a JSON text.
 *
 * @param path - where it came from, for messages
 * @throws {RecordError} when it is not JSON, of another version, or a field is missing or wrong
 */
export function parseRecord(text: string, path: string): RunRecord {
  const document = parseJson(text, path);
  const version = z.object({ version: z.unknown() }).safeParse(document).data?.version;
  if (version === undefined) {
    throw new RecordError(`${path}: expected a run record of posenc, got JSON without a version`);
  }
  if (version !== RECORD_VERSION) {
    throw new RecordError(
      `${path}: expected a record of version ${RECORD_VERSION}, got ${JSON.stringify(version)}; ` +
        'it was written by another posenc: use that one, or run the comparison again',
    );
  }
  const result = runRecordSchema.safeParse(document);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const field = issue?.path.join('.') || 'record';
  throw new RecordError(
    `${path}: ${field}: ${issue?.message ?? 'invalid'}; the file is damaged: delete it to run it again`,
  );
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const what = text.trim() === '' ? 'an empty file' : 'text that is not JSON';
    throw new RecordError(`${path}: expected a run record, got ${what}; delete it to run it again`);
  }
}
