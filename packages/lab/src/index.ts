/** `posenc-lab`: compare positional encodings by experiment from a program, as the command `posenc` does. */
export { defaultFolder, FolderError } from './comparison/folder.ts';
export {
  type Comparison,
  type ComparisonOverrides,
  type ComparisonRequest,
  planComparison,
} from './comparison/plan.ts';
export {
  type ComparisonEvent,
  type ComparisonOptions,
  type ComparisonOutcome,
  type RunFailure,
  runComparison,
} from './comparison/run.ts';
export { createRandom } from './data/random.ts';
export { type BuiltModel, buildModel } from './model/build.ts';
export type {
  Architecture,
  Decoding,
  DecodingStep,
  InputKind,
  Model,
  ModelEncodings,
  ModelInputs,
  ModelParameter,
  ModelPositions,
  ModelShape,
  OutputKind,
  Tensors,
} from './model/model.ts';
export { parseRecord, RecordError } from './record/parse.ts';
export { RECORD_VERSION, type RunConfiguration, type RunRecord, runRecordSchema } from './record/record.ts';
export { renderHtml } from './report/html.ts';
export { renderJson } from './report/json.ts';
export { renderMarkdown } from './report/markdown.ts';
export { summarize } from './report/summarize.ts';
export type { EncodingSummary, Summary } from './report/summary.ts';
export { renderTerminal, type TerminalContext } from './report/terminal.ts';
export { findTask, tasks } from './tasks/index.ts';
export {
  type Batch,
  type EvaluationSet,
  type LengthBucket,
  type Metric,
  type Predictions,
  type PreparedTask,
  type Question,
  type Scores,
  type SequenceArray,
  type Task,
  type TaskDefaults,
  TaskError,
  type TaskOptions,
  type Uniform,
} from './tasks/task.ts';
export { CheckpointError, readCheckpoint, type SafeTensors } from './training/checkpoint.ts';
export { DivergenceError, executeRun, type RunOptions, type RunProgress } from './training/run.ts';
