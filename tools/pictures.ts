/** Draws the pictures of `docs/encodings/` from the encodings themselves: `npm run pictures`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createEncoding, encodingDescriptions } from 'posenc/registry';
import { drawEncoding, pictureShape } from '../packages/lab/src/report/pictures.ts';

const sizes = { modelDim: 32, numHeads: 4, headDim: 64 };
const folder = join(import.meta.dirname, '../docs/images');
mkdirSync(folder, { recursive: true });

for (const description of encodingDescriptions) {
  const encoding = createEncoding(
    { name: description.name, options: {} },
    pictureShape(description, sizes, 'bidirectional'),
  );
  writeFileSync(join(folder, `${description.name}.svg`), `${drawEncoding(encoding, sizes).svg}\n`);
  process.stdout.write(`docs/images/${description.name}.svg\n`);
}
