import { expect, test } from 'vitest';
import { FAST, MILLION_ROWS, prepareMillionRows, ROWS } from './million-rows.ts';

test.each(MILLION_ROWS.filter(({ task }) => !FAST.includes(task)))(
  '$task prepares a million rows in less than 1 GB of memory',
  { timeout: 180_000 },
  async (task) => {
    const { sizes, rows, memory } = await prepareMillionRows(task);
    expect(rows).toBe(ROWS);
    expect(sizes.train).toBeGreaterThan(ROWS / 2);
    expect(memory).toBeLessThan(1e9);
  },
);
