/** What a run was computed with: package versions, processor, engine. */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunRecord } from '../record/record.ts';

/** The environment of this process, for a run's record. */
export function describeEnvironment(): RunRecord['environment'] {
  return {
    versions: {
      node: process.versions.node,
      posenc: versionOf('posenc'),
      'posenc-lab': nearestVersion(fileURLToPath(import.meta.url)),
      '@jax-js/jax': versionOf('@jax-js/jax'),
    },
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() || 'unknown',
    cores: availableParallelism(),
    engine: 'jax-js wasm, one thread',
  };
}

function versionOf(name: string): string {
  return nearestVersion(fileURLToPath(import.meta.resolve(name)));
}

/** The version in the nearest package.json above a file. */
function nearestVersion(file: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (!existsSync(path)) continue;
    const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version?: string };
    if (version !== undefined) return version;
  }
  return 'unknown';
}
