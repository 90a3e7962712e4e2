import { none } from 'posenc';
import { positionRange } from 'posenc/positions';
import { expect, test } from 'vitest';

test('none contributes, learns and costs nothing at any position', () => {
  const encoding = none();
  expect(encoding).toMatchObject({ site: 'none', name: 'none', options: {}, parameters: [], attention: 'any' });
  expect(encoding.vectors(positionRange(9))).toEqual({});
  expect(encoding.costs(1000)).toEqual({ parameters: 0, tableBytes: 0 });
  expect(encoding.largestPosition).toBe(Number.POSITIVE_INFINITY);
});
