/** `npm run bench -- NAME`: timings, apart from the tests. */
import { parseArgs } from 'node:util';
import { benchTrain, trainTable } from './train.ts';

const HELP = `Usage: npm run bench -- train [--dims 32,64,128] [--steps 20] [--json]

  train   one training step by model size, beside PyTorch's where Python has it ($PYTHON, or python3)

Examples:
  npm run bench -- train
  PYTHON=.venv/bin/python npm run bench -- train --dims 64 --steps 50 --json
`;

function counts(text: string, flag: string): number[] {
  const values = text.split(',').map(Number);
  if (values.some((value) => !Number.isSafeInteger(value) || value < 1)) {
    throw new RangeError(`bench: --${flag}: expected positive integers, got ${text}`);
  }
  return values;
}

async function main(): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        dims: { type: 'string', default: '32,64,128' },
        steps: { type: 'string', default: '20' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    if (positionals.length !== 1 || positionals[0] !== 'train') {
      process.stderr.write(`error: expected one of: train; got ${positionals.join(' ') || 'nothing'}\n\n${HELP}`);
      return 2;
    }
    const options = { dims: counts(values.dims, 'dims'), steps: counts(values.steps, 'steps')[0] as number };
    const result = await benchTrain(options, (text) => process.stderr.write(`${text}\n`));
    process.stdout.write(values.json ? `${JSON.stringify(result, null, 2)}\n` : trainTable(result));
    return 0;
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

process.exitCode = await main();
