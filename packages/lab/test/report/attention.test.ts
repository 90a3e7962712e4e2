/** Heat maps of attention: what is merged, how dark it is, what is ringed. */
import { decode } from 'fast-png';
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import type { AttentionPicture } from '../../src/record/sample.ts';
import { drawAttention, merged, weightOnLinks } from '../../src/report/attention-charts.ts';
import { renderHtml } from '../../src/report/html.ts';
import { summarize } from '../../src/report/summarize.ts';
import { attentionOf, enriched, richRecords, textSamples } from './rich-records.ts';

const small: AttentionPicture = {
  title: 'cross',
  queries: ['a', 'b'],
  keys: ['x', 'y', '<z>'],
  weights: [0.5, 0.25, 0.25, 0, 0, 1],
  links: [
    [0, 0],
    [0, 2],
    [1, 1],
  ],
};

/** The colours of a map, row by row, each as the sum of red, green and blue. */
function lights(svg: string): number[] {
  const address = /href="data:image\/png;base64,([^"]+)"/.exec(svg)?.[1] ?? '';
  const { data, width, height } = decode(Buffer.from(address, 'base64'));
  return Array.from({ length: width * height }, (_, at) =>
    [0, 1, 2].reduce((sum, c) => sum + (data[3 * at + c] as number), 0),
  );
}

describe('an attention picture', () => {
  test('says how much weight lies on known links', () => {
    // The first query: 0.5 + 0.25; the second: 0.
    expect(weightOnLinks(small)).toBeCloseTo(0.375, 12);
    expect(weightOnLinks({ ...small, links: [] })).toBeUndefined();
  });

  test('is darker for more weight: white for none, darkest for the limit, queries down', () => {
    const shown = lights(drawAttention(small, 1, 'cross'));
    expect(shown[3]).toBe(765);
    expect(shown[5]).toBe(Math.min(...shown));
    expect(shown[5]).toBe(48);
    expect(shown[0]).toBeLessThan(shown[1] as number);
    expect(shown[1]).toBe(shown[2]);
  });

  test('rings its links in the right cells and escapes its labels', () => {
    const svg = drawAttention(small, 1, 'cross');
    const { document } = parseHTML(svg);
    const rings = [...document.querySelectorAll('.links rect')].map((ring) =>
      ['x', 'y'].map((side) => (Number(ring.getAttribute(side)) - 64) / Number(ring.getAttribute('width'))),
    );
    expect(rings).toEqual([
      [0, 0],
      [2, 0],
      [1, 1],
    ]);
    expect(svg).toContain('>&lt;z&gt;</text>');
  });

  test('of a long sequence is merged: sums of keys, means of queries, rows that still sum to 1', () => {
    const count = 100;
    const names = Array.from({ length: count }, (_, at) => String(at));
    const long: AttentionPicture = {
      title: 'long',
      queries: names,
      keys: names,
      // Every query looks at the key after it; the last at itself.
      weights: names.flatMap((_, query) => names.map((_, key) => (key === Math.min(query + 1, count - 1) ? 1 : 0))),
      links: [
        [0, 99],
        [1, 98],
        [2, 99],
      ],
    };
    const { queries, keys, weights, links } = merged(long);
    expect([queries.length, keys.length]).toEqual([34, 34]);
    expect(queries.slice(0, 3)).toEqual(['0', '3', '6']);
    const rows = queries.map((_, row) => weights.slice(row * 34, (row + 1) * 34).reduce((sum, one) => sum + one, 0));
    for (const sum of rows) expect(sum).toBeCloseTo(1, 12);
    // Of queries 0, 1, 2 two look into the first three keys and one beyond.
    expect(weights[0]).toBeCloseTo(2 / 3, 12);
    expect(weights[1]).toBeCloseTo(1 / 3, 12);
    expect(links).toEqual([
      [0, 33],
      [0, 32],
    ]);
  });

  test('without a weight for each query and key is refused', () => {
    const records = richRecords(textSamples, (record) => ({ ...record, attention: [{ ...small, weights: [1] }] }));
    expect(() => summarize(records)).toThrow(/expected 2 × 3 weights of “cross” in the record of none, seed 0, got 1/);
  });
});

test('a report has a map of each encoding for each title, says what is merged, and folds the third', () => {
  const { document } = parseHTML(renderHtml(richRecords(textSamples, enriched(0.6))));
  const maps = [...document.querySelectorAll('.maps')];
  expect(maps.map((one) => one.querySelectorAll('figure').length)).toEqual([8, 8, 8]);
  expect(maps.map((one) => one.closest('details') !== null)).toEqual([false, false, true]);
  expect(document.querySelector('main')?.textContent).toContain(
    'each cell stands for 3 neighbouring queries (mean) and 3 neighbouring keys (sum)',
  );
  const [cross] = attentionOf(0);
  // Even weight on eleven keys, one link a query: one eleventh.
  expect(weightOnLinks(cross as AttentionPicture)).toBeCloseTo(1 / 11, 12);
  expect(maps[0]?.querySelector('figcaption')?.textContent).toContain('none: 9 % of the weight of linked queries');
});
