import { expect, test } from 'vitest';
import { fieldsOf, parseNames, readProfiles } from '../../src/data/factbook.ts';

test('fields are the texts of a tree in order, without markup; pictures are none', () => {
  const tree = {
    Geography: {
      Area: { total: { text: '9,826,675  sq km' }, note: { text: 'a <b>bold</b> claim &amp; more ++ second line' } },
      'Natural resources': { text: 'coal', note: { text: 'much' } },
      Map: { text: null },
      Empty: {},
    },
  };
  expect(fieldsOf(tree, 'us.json')).toEqual([
    { path: ['Geography', 'Area', 'total'], label: 'total', answer: '9,826,675 sq km' },
    { path: ['Geography', 'Area', 'note'], label: 'note', answer: 'a bold claim & more; second line' },
    { path: ['Geography', 'Natural resources'], label: 'Natural resources', answer: 'coal' },
    { path: ['Geography', 'Natural resources', 'note'], label: 'note', answer: 'much' },
  ]);
  expect(() => fieldsOf({ Geography: 'flat' }, 'us.json')).toThrow(
    /us\.json: Geography: expected headings, got "flat"/,
  );
  expect(() => fieldsOf({ text: 'top' }, 'us.json')).toThrow(/expected a text under a heading/);
  expect(() => fieldsOf({ A: { text: 3 } }, 'us.json')).toThrow(/us\.json: A: expected a text under a heading/);
  expect([...parseNames('## Countries\n\n**U**\n`us` United States\n`uk` United Kingdom \n')]).toEqual([
    ['us', 'United States'],
    ['uk', 'United Kingdom'],
  ]);
});

test('261 profiles have 58,997 answers, the known ones among them', () => {
  const profiles = readProfiles();
  expect(profiles).toHaveLength(261);
  expect(profiles.reduce((sum, { fields }) => sum + fields.length, 0)).toBe(58_997);
  const answer = (name: string, ...path: string[]) =>
    profiles.find((profile) => profile.name === name)?.fields.find((field) => field.path.join() === path.join())
      ?.answer;
  expect(answer('United States', 'Geography', 'Area', 'total')).toBe('9,826,675 sq km');
  expect(answer('France', 'Government', 'Capital', 'name')).toBe('Paris');
  expect(answer('Curacao', 'Government', 'Capital', 'name')).toBe('Willemstad');
  expect(answer('Japan', 'Geography', 'Coastline')).toBe('29,751 km');
  for (const { name, fields } of profiles) {
    expect(new Set(fields.map(({ path }) => path.join('>'))).size, name).toBe(fields.length);
    for (const field of fields) expect(field.answer).not.toMatch(/<\w|\+\+|\s\s|^\s|\s$/);
  }
});
