/** A process that trains the tiny task and says how far it is, for a test that kills it. */
import { executeRun } from '../../src/training/run.ts';
import { reversal, reversalRun } from './reversal-task.ts';

const [encoding, steps, checkpointPath] = process.argv.slice(2) as [string, string, string];
await executeRun(reversalRun(encoding, Number(steps)), reversal, {
  checkpointPath,
  checkpointEvery: 3,
  onProgress: ({ step }) => process.send?.(step),
});
