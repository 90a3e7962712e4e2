import { expect, test } from 'vitest';
import { counted, flag } from '../../src/tasks/shared/wording.ts';

test.each([
  ['data', '--data'],
  ['tooLong', '--too-long'],
  ['trainedLength', '--trained-length'],
])('the option %s is typed %s', (name, typed) => {
  expect(flag(name)).toBe(typed);
});

test.each([
  [0, 'tokens', '0 tokens'],
  [1, 'tokens', '1 token'],
  [1, 'source tokens', '1 source token'],
  [1, 'classes', '1 class'],
  [2, 'classes', '2 classes'],
])('%d of “%s” is “%s”', (count, plural, text) => {
  expect(counted(count, plural)).toBe(text);
});
