/** BLEU and chrF against sacreBLEU, and laws they obey. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { corpusBleu, sentenceBleu } from '../../../src/tasks/metrics/bleu.ts';
import { corpusChrf, sentenceChrf } from '../../../src/tasks/metrics/chrf.ts';
import { tokenize13a } from '../../../src/tasks/metrics/tokenizer-13a.ts';
import { expectEqualNumbers, golden } from './golden.ts';

const { pairs, corpora } = golden.texts;
const hypotheses = pairs.map(({ hypothesis }) => hypothesis);
const references = pairs.map(({ reference }) => reference);

describe('equal to sacreBLEU 2.6.0', () => {
  test.each(pairs)('tokens, BLEU, chrF and chrF++ of $hypothesis', (pair) => {
    const { hypothesis, reference } = pair;
    expect(tokenize13a(hypothesis)).toEqual(pair.tokens13a);
    expectEqualNumbers(sentenceBleu(hypothesis, reference), pair.sentenceBleu);
    expectEqualNumbers(sentenceChrf(hypothesis, reference), pair.chrf);
    expectEqualNumbers(sentenceChrf(hypothesis, reference, { wordOrder: 2 }), pair.chrfWords);
  });

  test.each(corpora)('over pairs $start to $end', ({ start, end, bleu, chrf, chrfWords }) => {
    const corpus = [hypotheses.slice(start, end), references.slice(start, end)] as const;
    expectEqualNumbers(corpusBleu(...corpus), bleu);
    expectEqualNumbers(corpusChrf(...corpus), chrf);
    expectEqualNumbers(corpusChrf(...corpus, { wordOrder: 2 }), chrfWords);
  });
});

test("seven times 'the' against a sentence that has it twice is 2/7 right: Papineni et al. 2002, example 2", () => {
  const { precisions } = sentenceBleu('the the the the the the the', 'the cat is on the mat');
  expect(precisions[0]).toBeCloseTo(200 / 7, 12);
});

describe('laws', () => {
  const word = fc.constantFrom('la', 'casa', 'de', 'Dios', '1,5', 'fin.', '¿qué?', '日本', '😀');
  const sentence = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '));
  const corpus = fc.array(fc.tuple(sentence, sentence), { minLength: 1, maxLength: 6 });
  const scoresOf = (some: readonly (readonly [string, string])[]): number[] => {
    const [found, expected] = [some.map(([first]) => first), some.map(([, second]) => second)];
    return [
      corpusBleu(found, expected).score,
      corpusChrf(found, expected),
      corpusChrf(found, expected, { wordOrder: 2 }),
    ];
  };

  test('a perfect hypothesis has 100', () => {
    fc.assert(
      fc.property(sentence, (text) => {
        expect(sentenceBleu(text, text).score).toBeCloseTo(100, 10);
        expect(sentenceChrf(text, text)).toBeCloseTo(100, 10);
        expect(sentenceChrf(text, text, { wordOrder: 2 })).toBeCloseTo(100, 10);
        expect(corpusBleu([`${text} one two three four`], [`${text} one two three four`]).score).toBeCloseTo(100, 10);
      }),
    );
  });

  test('scores are from 0 to 100 and know no order of the pairs', () => {
    fc.assert(
      fc.property(corpus, (some) => {
        const scores = scoresOf(some);
        expect(scores.every((score) => score >= 0 && score <= 100 + 1e-9)).toBe(true);
        expectEqualNumbers(scoresOf(some.toReversed()), scores);
      }),
    );
  });

  test('chrF of characters knows no white space', () => {
    fc.assert(
      fc.property(sentence, sentence, (hypothesis, reference) => {
        expect(sentenceChrf(hypothesis.replaceAll(' ', ''), reference)).toBe(sentenceChrf(hypothesis, reference));
      }),
    );
  });

  test('a corpus of one pair has the chrF of the pair', () => {
    const [hypothesis, reference] = ['el rey de la casa', 'el rey de casa'];
    expect(corpusChrf([hypothesis], [reference])).toBe(sentenceChrf(hypothesis, reference));
  });
});

test('there must be a reference for each hypothesis', () => {
  expect(() => corpusBleu(['a'], ['a', 'b'])).toThrow(
    'corpusBleu: expected as many predictions as references, at least one of each, got 1 predictions and 2 references',
  );
  expect(() => corpusBleu([], [])).toThrow('at least one of each');
  expect(() => corpusChrf(['a', 'b'], ['a'])).toThrow('corpusChrf: expected as many predictions as references');
});
