/** Draws the pictures of `docs/encodings/` from the encodings themselves: `npm run pictures`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { alibi, type Encoding, initialize, learned, rotary, sinusoidal, t5 } from 'posenc';
import { createRandom } from '../packages/lab/src/data/random.ts';
import { drawEncoding, drawGrid, drawNothing } from '../packages/lab/src/report/pictures.ts';

const ROWS = 32;
const folder = join(import.meta.dirname, '../docs/images');
mkdirSync(folder, { recursive: true });

function write(name: string, svg: string | undefined): void {
  if (svg === undefined) throw new TypeError(`pictures: expected a picture of ${name}, got none`);
  const path = join(folder, `${name}.svg`);
  writeFileSync(path, `${svg}\n`);
  process.stdout.write(`docs/images/${name}.svg\n`);
}

write('none', drawNothing().svg);
const drawn: readonly Encoding[] = [
  sinusoidal({ dim: ROWS }),
  rotary({ headDim: 64 }),
  alibi({ numHeads: 4, direction: 'left-right' }),
  t5({ numHeads: 4 }),
];
for (const encoding of drawn) write(encoding.name, drawEncoding(encoding)?.svg);
const [table] = learned({ dim: ROWS, maximumPositions: ROWS }).parameters;
if (table !== undefined) {
  const { data } = initialize(table, createRandom(0, 'picture'));
  write(
    'learned',
    drawGrid('First rows of a learned table: independent draws', { rows: ROWS, columns: ROWS, values: data }, 0.06),
  );
}
