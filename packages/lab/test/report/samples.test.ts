/** Examples side by side: what is compared, how it is ordered, and what the HTML shows of it. */
import { decode } from 'fast-png';
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { RecordError } from '../../src/record/parse.ts';
import type { RunRecord } from '../../src/record/record.ts';
import type { Sample } from '../../src/record/sample.ts';
import { renderHtml } from '../../src/report/html.ts';
import { renderJson } from '../../src/report/json.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { clip } from '../../src/report/markup.ts';
import { absoluteError, disagreement } from '../../src/report/samples.ts';
import { summarize } from '../../src/report/summarize.ts';
import type { ComparedSample } from '../../src/report/summary.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { wordDifference } from '../../src/report/word-difference.ts';
import {
  enriched,
  HOSTILE,
  pictureSamples,
  richRecords,
  type SamplesOf,
  seriesSamples,
  spanSamples,
  textSamples,
} from './rich-records.ts';

const pages = new WeakMap<readonly RunRecord[], Document>();

/** The report as a browser would read it. */
function page(records: readonly RunRecord[]): Document {
  const document = pages.get(records) ?? parseHTML(renderHtml(records)).document;
  pages.set(records, document);
  return document;
}

/** The article of an example, by its name. */
function example(records: readonly RunRecord[], id: string) {
  const found = [...page(records).querySelectorAll('article')].find(
    (one) => one.querySelector('h3 small')?.textContent === id,
  );
  if (found === undefined) throw new Error(`no example ${id}`);
  return found;
}

/** Rows of an example: names, and texts with single spaces. */
const rowsOf = (article: Element): string[] =>
  [...article.querySelectorAll('.answers > div')].map((row) => (row.textContent ?? '').replaceAll(/\s+/g, ' ').trim());

describe('examples are compared', () => {
  const given = (rights: readonly (boolean | undefined)[], answers: readonly string[]): ComparedSample => ({
    id: 'x',
    bucket: '3–8',
    kind: 'text',
    source: '',
    expected: '',
    answers: answers.map((answer, at) => {
      const right = rights[at];
      return { encoding: String(at), title: '', seed: 0, answer, ...(right === undefined ? {} : { right }) };
    }),
  });

  test('with most disagreement where half are right, and none where all say the same', () => {
    expect(disagreement(given([true, true, false, false], ['a', 'a', 'b', 'c']))).toBe(2.5);
    expect(disagreement(given([true, true, true, false], ['a', 'a', 'a', 'c']))).toBe(2.25);
    expect(disagreement(given([false, false], ['b', 'c']))).toBe(1);
    expect(disagreement(given([false, false], ['b', 'b']))).toBe(0);
    expect(disagreement(given([undefined, undefined], ['b', 'c']))).toBe(1);
  });

  test('those first on which encodings differ', () => {
    const { samples } = summarize(richRecords(textSamples));
    expect(samples.slice(0, 2).map(({ id }) => id)).toEqual(['Genesis 1:1', 'emoji']);
    expect(samples.slice(-3).map(({ id }) => id)).toEqual(['all right', 'hostile', 'arabic']);
  });

  test('by the first seed that kept some, in the order of the encodings', () => {
    const records = richRecords(textSamples).map((record): RunRecord => {
      const { encoding, seed } = record.configuration;
      const samples = (record.samples ?? []).map((sample) =>
        sample.kind === 'text' ? { ...sample, answer: `${encoding} ${seed}` } : sample,
      );
      if (encoding === 'rotary' && seed === 0) return { ...record, samples: [] };
      return { ...record, samples };
    });
    const [first] = summarize(records.reverse()).samples;
    expect(first?.answers.map((one) => ('answer' in one ? one.answer : ''))).toEqual([
      'none 0',
      'sinusoidal 0',
      'learned 0',
      'rotary 1',
      'xpos 0',
      'alibi 0',
      't5 0',
      'kerple 0',
    ]);
  });

  test('and refused where one name stands for two', () => {
    const other: SamplesOf = (encoding, index) =>
      textSamples(encoding, index).map((sample) =>
        encoding === 'rotary' && sample.kind === 'text' && sample.id === 'long'
          ? { ...sample, source: 'other' }
          : sample,
      );
    expect(() => summarize(richRecords(other))).toThrow(/one example named "long".*but rotary, seed 0, has another/);
    const twice: SamplesOf = (...of) => [...textSamples(...of), ...textSamples(...of).slice(0, 1)];
    expect(() => summarize(richRecords(twice))).toThrow(RecordError);
  });

  test('and whoever kept none is named', () => {
    const some: SamplesOf = (encoding, index) => (encoding === 't5' ? [] : textSamples(encoding, index));
    expect(example(richRecords(some), 'emoji').textContent).toContain('No answer kept of T5.');
  });

  test('by the mean absolute error of a forecast', () => {
    expect(absoluteError([1, 5, 2], [2, 3, 2])).toBe(1);
  });
});

describe('words that differ', () => {
  const told = (expected: string, answer: string): string | undefined =>
    wordDifference(expected, answer)
      ?.map(({ kind, text }) => ({ same: text, extra: `+${text.trim()}+`, missing: `-${text.trim()}-` })[kind])
      .join('');

  test('are those outside a longest common subsequence', () => {
    expect(told('the heaven and the earth', 'the sky and the earth')).toBe('the -heaven-+sky+and the earth');
    expect(told('a b c', 'a b c')).toBe('a b c');
    expect(told('a b c', 'b c d')).toBe('-a-b c +d+');
    expect(told('good morning', 'sport')).toBeUndefined();
    expect(told('', 'a')).toBeUndefined();
  });

  test('are found in texts without spaces', () => {
    expect(told('我喜欢书', '他喜欢书')).toBe('-我-+他+喜欢书');
  });

  test('are as few as they can be: against all subsequences', () => {
    const subsequences = (words: readonly string[]): string[] =>
      Array.from({ length: 2 ** words.length }, (_, mask) => words.filter((_, at) => mask & (1 << at)).join(' '));
    let state = 7;
    const draw = (): string => {
      state = (state * 48271) % 2147483647;
      return 'abc'[state % 3] as string;
    };
    for (let round = 0; round < 60; round += 1) {
      const [from, to] = [Array.from({ length: 7 }, draw), Array.from({ length: 6 }, draw)];
      const of = new Set(subsequences(to));
      const longest = Math.max(
        ...subsequences(from)
          .filter((one) => of.has(one))
          .map((one) => one.length),
      );
      const pieces = wordDifference(from.join(' '), to.join(' ')) ?? [];
      const text = (kinds: readonly string[]): string =>
        pieces
          .filter(({ kind }) => kinds.includes(kind))
          .map(({ text }) => text.trim())
          .join(' ');
      expect(text(['same']).length).toBe(longest);
      expect(text(['same', 'extra']).split(' ').toSorted().join()).toBe(to.toSorted().join());
      expect(text(['same', 'missing']).split(' ').toSorted().join()).toBe(from.toSorted().join());
    }
  });
});

describe('texts in HTML', () => {
  const records = richRecords(textSamples, enriched(0.6));

  test('can do nothing to the page, and are shown as they are', () => {
    const html = renderHtml(records);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
    expect(html).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/);
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
    const document = page(records);
    expect(document.querySelectorAll('script, img, a, link, iframe')).toHaveLength(0);
    const [, shown] = example(records, 'hostile').querySelectorAll('dd');
    expect(shown?.textContent).toBe(HOSTILE.replace('\u0000', '␀').replace('\u001b', '␛').replace('\ud83d', '\ufffd'));
  });

  test('stand in their own direction, whole or with what is left out', () => {
    const arabic = example(records, 'arabic');
    expect([...arabic.querySelectorAll('dd')].every((one) => one.getAttribute('dir') === 'auto')).toBe(true);
    const [source] = rowsOf(example(records, 'long')) as [string];
    expect(source).toMatch(/^sourceA very long text\. .*… \(9,400 more characters\)$/);
    expect(clip('a👩‍👩‍👧‍👦b', 4)).toEqual({ text: 'a', left: 12 });
    expect(clip('a👩‍👩‍👧‍👦b', 12)).toEqual({ text: 'a👩‍👩‍👧‍👦', left: 1 });
  });

  test('are right or wrong by sign and word, equal answers once, with the score of the example', () => {
    expect(rowsOf(example(records, 'Genesis 1:1')).slice(2)).toEqual([
      'none✗ wrong In the beginning earth God created the heaven and the earth.beginning phoneme error rate 43.0 %',
      'sinusoidal, rotary, ALiBi, KERPLE✗ wrong In the beginning God created the heaven sky and the earth. phoneme error rate 5.0 %',
      'learned, xPos, T5✓ right In the beginning God created the heaven and the earth. phoneme error rate 5.0 %',
    ]);
    const [, sky] = example(records, 'Genesis 1:1').querySelectorAll('.wrong');
    expect(sky?.querySelector('ins')?.textContent).toBe('sky');
    expect(sky?.querySelector('del')?.textContent).toBe('heaven');
    expect(rowsOf(example(records, 'emoji'))[2]).toBe('none✗ wrong nothing');
  });

  test('of more than six examples are folded, and opened on paper', () => {
    const folds = page(records).querySelectorAll('details article');
    expect([...folds].map((one) => one.querySelector('small')?.textContent)).toEqual(['hostile', 'arabic']);
    expect(renderHtml(records)).toMatch(/@media print \{[^@]*details::details-content \{ content-visibility: visible/);
  });
});

describe('marked texts in HTML', () => {
  const records = richRecords(spanSamples);

  test('have marks where the spans are, each right or wrong, and say what was missed', () => {
    const [expected, none, half, all] = example(records, 'names').querySelectorAll('.answers > div');
    const marks = (row: Element | undefined): string[] =>
      [...(row?.querySelectorAll('mark') ?? [])].map((mark) => `${mark.className} ${mark.textContent}`.trim());
    expect(marks(expected)).toEqual(['UgandaLOC', 'East AfricaLOC', 'KenyaLOC']);
    expect(none?.textContent).toMatch(/✗ wrong nothing marked.*missed: UgandaLOC, East AfricaLOC, KenyaLOC$/);
    expect(marks(half)).toEqual(['right Uganda✓ LOC', 'right East Africa✓ LOC', 'wrong north✗ ORG']);
    expect(half?.textContent).toMatch(/missed: KenyaLOC$/);
    expect(marks(all)).toEqual(['right Uganda✓ LOC', 'right East Africa✓ LOC', 'right Kenya✓ LOC']);
  });

  test('are shown around the marks where they are long, and say how much is left out', () => {
    const [question, expected] = rowsOf(example(records, 'capital'));
    expect(question).toBe('questionWhat is the capital of <Uganda>?');
    const [, shown, left, total] =
      /^expected… (.*) … \(([\d,]+) of ([\d,]+) characters left out\)$/.exec(expected ?? '') ?? [];
    expect(shown).toMatch(/ to the south by Tanzania\. Its capital is Kampala\. Uganda is a landlocked/);
    const number = (text: string | undefined): number => Number(text?.replace(',', ''));
    expect(number(total) - number(left)).toBe((shown as string).length + 1);
  });

  test('list marks that overlap others apart', () => {
    const [, answer] = rowsOf(example(records, 'overlap'));
    expect(answer).toContain('✗ wrong New York✗ LOC Times & <b>also: York Times✗ ORG');
  });
});

describe('forecasts in HTML', () => {
  const records = richRecords(seriesSamples, (record) => record, ['none', 'rotary', 'alibi']);

  test('are lines over the series, with errors, the interval and what is left out', () => {
    const article = example(records, 'January');
    // Drifts of 30 and 6 a step, up or down, over 24 steps: 30 · 12.5 and 6 · 12.5.
    expect([...article.querySelectorAll('tbody tr')].map((row) => row.textContent)).toEqual([
      ' none375',
      ' rotary75.0',
      ' ALiBi75.0',
    ]);
    expect(article.querySelector('figcaption')?.textContent).toMatch(
      /^2014-01-07 to 2014-01-09\. .*The 304 steps before are left out\. The band is the interval of each forecast that should hold 80 % of values\.$/,
    );
    const drawn = (mark: string): number => article.querySelectorAll(`figure svg g[aria-label="${mark}"] path`).length;
    expect([drawn('line'), drawn('area')]).toEqual([4, 3]);
  });

  test('show one interval only where there are many', () => {
    const all = example(richRecords(seriesSamples), 'January');
    expect(all.querySelector('figcaption')?.textContent).toContain(
      'The band is the interval of sinusoidal, whose forecast is nearest here, that should hold 80 %',
    );
  });
});

describe('pictures in HTML', () => {
  const records = richRecords(pictureSamples, enriched(0.6));

  test('have the pixels of the record, row by row, and the positions of their patches', () => {
    for (const [id, channels, side] of [
      ['grey', 1, 28],
      ['coloured', 3, 32],
    ] as const) {
      const svg = example(records, id).querySelector('.frames svg');
      const address = svg?.querySelector('image')?.getAttribute('href') ?? '';
      const image = decode(Buffer.from(address.replace('data:image/png;base64,', ''), 'base64'));
      const sample = records[0]?.samples?.find((one) => one.id === id) as Extract<Sample, { kind: 'picture' }>;
      expect([image.width, image.height, image.channels]).toEqual([side, side, channels]);
      expect(Buffer.from(image.data.buffer).toString('base64')).toBe(sample.pixels);
    }
    const texts = [...(example(records, 'coloured').querySelector('svg')?.querySelectorAll('text') ?? [])];
    expect(texts.map((one) => one.textContent)).toEqual(['0', '1', '2', '3', '0', '1', '2', '3']);
    expect(example(records, 'grey').querySelector('figcaption')?.textContent).toMatch(/^7 × 7 patches of 4 × 4 pixels/);
  });

  test('of a clip are its frames in their order; of a long one, every other is said', () => {
    const frames = (id: string): string[] =>
      [...example(records, id).querySelectorAll('.frames svg')].map(
        (one) => one.querySelector('text')?.textContent ?? '',
      );
    expect(frames('clip')).toEqual(Array.from({ length: 8 }, (_, at) => `frame ${at}`));
    expect(frames('long clip')).toEqual(Array.from({ length: 12 }, (_, at) => `frame ${2 * at}`));
    expect(example(records, 'long clip').textContent).toContain('Every 2nd frame is drawn.');
  });

  test('keep a report of eight encodings small', () => {
    expect(renderHtml(records).length).toBeLessThan(400_000);
  });

  test('that are damaged are refused with what to do', () => {
    const short: SamplesOf = (...of) =>
      pictureSamples(...of).map((one) =>
        one.kind === 'picture' && one.id === 'grey' ? { ...one, pixels: 'AAAA' } : one,
      );
    expect(() => renderHtml(richRecords(short))).toThrow(
      /picture "grey": expected 784 bytes for 1 × 28 × 28 × 1, got 3; the record is damaged/,
    );
  });
});

describe('short forms', () => {
  test('for a terminal fit its width and move no cursor', () => {
    const hostile: SamplesOf = (...of) =>
      textSamples(...of).filter(({ id }) => ['hostile', 'unbroken', 'emoji'].includes(id));
    const text = renderTerminal(richRecords(hostile), { columns: 80, color: false });
    const part = text.slice(text.indexOf('Examples side by side'), text.indexOf('Can an untrained'));
    expect(part).toContain('✗ none: \n'.trimEnd());
    expect(part).toContain('✓ sinusoidal, learned, rotary, xPos, ALiBi, T5, KERPLE: the family');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
    expect(part).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
    expect(Math.max(...part.split('\n').map((line) => line.length))).toBeLessThanOrEqual(82);
  });

  test('in Markdown are code, whatever is in them', () => {
    const text = renderMarkdown(richRecords(textSamples));
    expect(text).toContain(
      '- ✗ sinusoidal, rotary, ALiBi, KERPLE: `In the beginning God created the sky and the earth.`',
    );
    const hostile: SamplesOf = (...of) => textSamples(...of).filter(({ id }) => id === 'hostile');
    expect(renderMarkdown(richRecords(hostile))).toContain('- source: ``<script>alert("x")</script> &lt;b&gt; <img');
  });

  test.each([
    ['spans', spanSamples, '- ✓ sinusoidal, xPos, KERPLE: `“Kampala”`'],
    ['series', seriesSamples, '- rotary: `mean absolute error 75.0:'],
    ['picture', pictureSamples, '- ✗ none, sinusoidal, rotary, ALiBi, KERPLE: `ankle boot`'],
  ] as const)('in Markdown there are %s', (_, samples, line) => {
    expect(renderMarkdown(richRecords(samples))).toContain(line);
  });

  test('in JSON hold everything, each example once', () => {
    const records = richRecords(pictureSamples, enriched(0.6));
    const text = renderJson(records);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(summarize(records))));
    const coloured = records[0]?.samples?.find(({ id }) => id === 'coloured');
    expect(text.split((coloured as Extract<Sample, { kind: 'picture' }>).pixels)).toHaveLength(2);
  });
});
