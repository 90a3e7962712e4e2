/** Metrics along another axis than the length, and what reports say of the data. */
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { alongAxes, lengthMetrics } from '../../src/report/along.ts';
import { dataFacts } from '../../src/report/data-facts.ts';
import { renderHtml } from '../../src/report/html.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { summarize } from '../../src/report/summarize.ts';
import type { Metric } from '../../src/report/summary.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { DATA, enriched, richRecords, textSamples } from './rich-records.ts';

const metric = (name: string, title: string, axis?: string, label = ''): Metric => ({
  name,
  title,
  better: 'higher',
  format: 'fraction',
  ...(axis === undefined ? {} : { along: { axis, label } }),
});

describe('metrics along an axis', () => {
  test('are gathered by score and axis, and named by what their titles share', () => {
    const metrics = [
      metric('em', 'exact match'),
      metric('em-1', 'exact match at depth 0–50 %', 'depth', '0–50 %'),
      metric('em-2', 'exact match at depth 50–100 %', 'depth', '50–100 %'),
      metric('f1', 'F1'),
      metric('f1-1', 'F1, answers in the first half', 'depth', '0–50 %'),
      metric('f1-2', 'F1, answers in the second half', 'depth', '50–100 %'),
      metric('days', 'exact match', 'days ahead', '1'),
    ];
    expect(lengthMetrics(metrics).map(({ name }) => name)).toEqual(['em', 'f1']);
    expect(alongAxes(metrics).map(({ title, steps }) => [title, steps.map(({ metric: { name } }) => name)])).toEqual([
      ['exact match at depth by depth', ['em-1', 'em-2']],
      ['F1 by depth', ['f1-1', 'f1-2']],
      ['exact match by days ahead', ['days']],
    ]);
  });

  const records = richRecords(textSamples, enriched(0.6));

  test('have one section with a table and a chart for each of two buckets', () => {
    const { document } = parseHTML(renderHtml(records));
    const headings = [...document.querySelectorAll('h2')].map(({ textContent }) => textContent);
    expect(headings.filter((text) => text?.startsWith('Exact match'))).toEqual(['Exact match by depth of the answer']);
    const section = [...document.querySelectorAll('section')].find(
      (one) => one.querySelector('h2')?.textContent === 'Exact match by depth of the answer',
    );
    expect(section?.querySelectorAll('figure')).toHaveLength(2);
    expect([...(section?.querySelectorAll('thead th') ?? [])].map(({ textContent }) => textContent)).toEqual([
      'depth of the answer',
      'first quarter, trained',
      'second quarter, trained',
      'third quarter, trained',
      'first quarter, 13–16 letters',
      'second quarter, 13–16 letters',
      'third quarter, 13–16 letters',
      'last quarter, 13–16 letters',
    ]);
    // Rotary: 1 − 0.19 and 1 − 0.194 within, 0.3 less beyond, and nothing lost with depth.
    const rotary = [...(section?.querySelectorAll('tbody tr') ?? [])].find((row) =>
      row.textContent?.includes('rotary'),
    );
    expect(
      [...(rotary?.querySelectorAll('td') ?? [])].map(({ textContent }) => textContent?.replace(/ ±.*/, '')),
    ).toEqual(['80.8 %', '80.8 %', '80.8 %', '50.8 %', '50.8 %', '50.8 %', '50.8 %']);
  });

  test('have a table in Markdown, and in terminals one that fits for each bucket', () => {
    expect(renderMarkdown(records)).toContain('## exact match by depth of the answer, higher is better');
    const text = renderTerminal(records, { columns: 80, color: false });
    expect(text).toContain('exact match by depth of the answer, higher is better: 3–8 letters (trained)');
    const part = text.slice(text.indexOf('exact match by depth'), text.indexOf('How much room'));
    expect(Math.max(...part.split('\n').map((line) => line.length))).toBeLessThanOrEqual(96);
  });

  test('may be missing where there are no examples, unlike the others', () => {
    expect(summarize(records).encodings[0]?.scores['exact-at-3']?.['3–8']).toBeUndefined();
    const [first, ...rest] = records as [(typeof records)[number]];
    expect(() => summarize([{ ...first, test: { ...first.test, '13–16': {} } }, ...rest])).toThrow(
      /the record of none, seed 0, has no phoneme-error-rate for 13–16/,
    );
  });
});

describe('about the data', () => {
  const facts = (data = DATA): Record<string, string> => Object.fromEntries(dataFacts(data));

  test('facts are told in words', () => {
    expect(facts()).toEqual({
      from: 'my <verses> & more.csv.gz (CSV, gzip)',
      'rows read': '31,102',
      'rows refused':
        '23 (0.0740 %): line 7: expected 3 cells, got 2; line 18: expected 3 cells, got 4; line 29: expected 3 cells, got 2; line 40: expected 3 cells, got 4; line 51: expected 3 cells, got 2; and 18 more',
      columns: 'english (source), spanish (target), book (group), comment (not used)',
      lengths: '3 to 211 tokens, median 24',
      'trained on lengths': 'up to 48 tokens (90th percentile of the training split); used at all: up to 128',
      'too long': '41: read in windows that overlap',
      classes: expect.stringMatching(/^30: section <0> .*\(3,000\), .* and 18 smaller$/),
      time: '1990-01-02 to 2026-11-20, business days, 3 gaps',
      'divided into splits': 'by book, hashed',
    });
    const { source, format, rows, examples } = DATA;
    expect(facts({ source, format, rows, examples, refused: { count: 0, first: [] } })).toEqual({
      from: 'my <verses> & more.csv.gz (CSV, gzip)',
      'rows read': '31,102',
      'rows refused': 'none',
    });
  });

  test('HTML has them with charts, all refused rows that are kept, and examples, escaped', () => {
    const { document } = parseHTML(renderHtml(richRecords(textSamples, enriched(0.6))));
    const section = [...document.querySelectorAll('section')].find(
      (one) => one.querySelector('h2')?.textContent === 'About the data',
    );
    expect(section?.querySelectorAll('figure svg')).toHaveLength(2);
    expect(section?.querySelectorAll('svg[aria-label="Bars: examples by length in tokens"] rect')).toHaveLength(16);
    expect(section?.querySelectorAll('details li')).toHaveLength(21);
    expect(section?.textContent).toContain('<script>alert("x")</script>');
    expect(section?.querySelectorAll('script')).toHaveLength(0);
    expect(section?.textContent).toContain('Stress is dropped.');
    expect(section?.textContent).toContain('(700 more characters)');
  });

  test('Markdown and terminals have the facts', () => {
    const records = richRecords(textSamples, enriched(0.6));
    expect(renderMarkdown(records)).toContain('| rows read | 31,102 |');
    expect(renderTerminal(records, { columns: 80, color: false })).toContain(
      '- too long: 41: read in windows that overlap',
    );
  });
});
