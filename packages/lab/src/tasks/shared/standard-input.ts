/**
 * What is piped in is kept as a file, because every run reads it again; people are told of it as what it was. Knows no
 * task and no command.
 */
import { join, relative, sep } from 'node:path';
import { cacheFolder } from '../../data/cache.ts';
import type { DataSummary } from '../../record/data-summary.ts';

const NAME = 'standard input';

/** The folder that data from standard input is kept in. */
export function standardInputFolder(): string {
  return join(cacheFolder(), 'standard-input');
}

/** A summary that says `standard input` where the data came from there. */
export function withSourceName(data: DataSummary): DataSummary {
  return isStandardInput(data.source) ? { ...data, source: NAME } : data;
}

/** An error's message that says `standard input` for a file kept of it. */
export function withoutKeptPath(message: string, path: string): string {
  return message.replaceAll(path, NAME);
}

function isStandardInput(path: string): boolean {
  const inside = relative(standardInputFolder(), path);
  return inside !== '' && !inside.startsWith('..') && !inside.includes(sep);
}
