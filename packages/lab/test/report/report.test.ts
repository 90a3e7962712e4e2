import { describe, expect, test } from 'vitest';
import { parseRecord, RecordError } from '../../src/record/parse.ts';
import { renderHtml } from '../../src/report/html.ts';
import { renderJson } from '../../src/report/json.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { summarize } from '../../src/report/summarize.ts';
import { renderTerminal } from '../../src/report/terminal.ts';
import { sampleRecord, sampleRecords } from './sample-records.ts';

const terminal = { columns: 80, color: false };

describe('findings', () => {
  const two = summarize(sampleRecords(2)).findings.join('\n');

  test('name the best within and beyond the trained length', () => {
    expect(two).toContain(
      'within the trained length (3–8 letters), by the mean over seeds: sinusoidal with 18.6 %, then ALiBi',
    );
    expect(two).toContain('beyond it (13–16 letters), by the mean over seeds: ALiBi with 48.8 %, then sinusoidal');
  });

  test('say which encodings are better than none, and that differences are paired and corrected', () => {
    expect(two).toContain(
      'Better than no positions within the trained length (paired over 2 seeds, corrected for all 6 pairs): sinusoidal, rotary and ALiBi.',
    );
  });

  test('call a tie a tie', () => {
    const tied = [
      sampleRecord('none', 0, [0.65, 0.7]),
      sampleRecord('none', 1, [0.64, 0.7]),
      sampleRecord('rotary', 0, [0.2, 0.5]),
      sampleRecord('rotary', 1, [0.24, 0.5]),
      sampleRecord('sinusoidal', 0, [0.23, 0.5]),
      sampleRecord('sinusoidal', 1, [0.22, 0.5]),
    ];
    expect(summarize(tied).findings.join('\n')).toMatch(
      /Within the trained length, rotary cannot be told from sinusoidal with 2 seeds; it can from every other/,
    );
  });

  test('conclude nothing from one seed', () => {
    const one = summarize(sampleRecords(1)).findings.join('\n');
    expect(one).toContain('One seed: nothing can be concluded');
    expect(one).not.toMatch(/Better than|cannot be told/);
  });

  test('tell what an untrained encoder cannot see', () => {
    expect(two).toContain('leaves its answer unchanged with none, and with no other encoding');
  });

  test('say nothing of differences where a stopped comparison has no seed that all share', () => {
    const [first, ...rest] = sampleRecords(2).filter(({ configuration }) => configuration.encoding !== 'alibi');
    const records = [first, ...rest.filter(({ configuration }) => configuration.seed === 1)] as never;
    expect(() => summarize(records)).not.toThrow();
  });
});

describe('a report', () => {
  test('is refused over records that differ in more than encoding and seed', () => {
    const [first, second] = sampleRecords(1) as [never, ReturnType<typeof sampleRecord>];
    const other = { ...second, configuration: { ...second.configuration, task: { name: 'order', options: {} } } };
    expect(() => summarize([first, other])).toThrow(
      /differ in encoding and seed only.*report each comparison on its own/,
    );
    expect(() => summarize([first, first])).toThrow(/got none, seed 0 twice/);
    expect(() => summarize([])).toThrow(RecordError);
  });

  test('does not depend on the order of the records', () => {
    expect(renderJson(sampleRecords(2).reverse())).toBe(renderJson(sampleRecords(2)));
  });

  test('names the command that makes it again', () => {
    expect(summarize(sampleRecords(2)).command).toMatch(
      /^npx posenc compare --task pronounce --encodings none,sinusoidal,rotary,alibi --seeds 2 .*--steps 600 .*--weight-decay 0.01/,
    );
  });

  test('for a terminal fits its width and stars the best of each column', () => {
    const text = renderTerminal(sampleRecords(2), terminal);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(96);
    expect(text).toMatch(/sinusoidal +\*18\.6 % ± \d/);
    expect(text).toMatch(/ALiBi .*\*48\.8 % ±/);
    expect(text).not.toContain('\u001b');
    expect(renderTerminal(sampleRecords(2), { columns: 80, color: true })).toContain('\u001b[1m');
  });

  test('as Markdown has a table row per encoding and escapes what Markdown would read', () => {
    const text = renderMarkdown(sampleRecords(2));
    expect(text).toContain('| sinusoidal | **18.6 % ±');
    expect(text).toContain('Spelling \\<to\\> phonemes');
  });

  test.each([
    ['space-time', { frames: 8, rows: 4, columns: 4, time: 'learned' }],
    ['fourier-features', { extents: [8, 4, 4], bands: 64 }],
    ['axial-rotary', { axes: 3, channels: [2, 2, 12], spectrum: 'own' }],
    ['multimodal-rotary', { sections: [4, 2, 2] }],
  ])('draws %s as it was trained on clips of a few small frames', (name, options) => {
    const records = sampleRecords(2).map((record) =>
      record.configuration.encoding === 'rotary'
        ? { ...record, encoding: { ...record.encoding, encoder: [{ name, options }] } }
        : record,
    );
    expect(renderHtml(records)).toContain('<svg');
  });

  test('as HTML stands alone: no scripts, nothing fetched, escaped, with the trained range shaded', () => {
    const html = renderHtml(sampleRecords(2));
    expect(html).not.toMatch(/<script|<link|<img|@import|url\(http|src=/);
    expect(html.replaceAll('http://www.w3.org/2000/svg', '')).not.toContain('http');
    expect(html).toContain('Spelling &lt;to&gt; phonemes &amp; back');
    expect(html).toContain('aria-description="trained range"');
    for (const title of ['none', 'sinusoidal', 'rotary', 'ALiBi']) expect(html).toContain(`${title}</th>`);
  });

  test('as JSON holds means, intervals, values and findings', () => {
    const summary = JSON.parse(renderJson(sampleRecords(2)));
    const { scores, values } = summary.encodings[1];
    expect(scores['phoneme-error-rate']['3–8'].mean).toBeCloseTo(0.1855, 10);
    expect(values['phoneme-error-rate']['3–8']).toEqual([0.185, 0.186]);
    expect(summary.findings.length).toBeGreaterThan(3);
  });
});

describe('a record', () => {
  const text = JSON.stringify(sampleRecord('none', 0, [0.6, 0.7]));

  test('is read as it was written', () => {
    expect(parseRecord(text, 'x.json')).toEqual(JSON.parse(text));
  });

  test.each([
    ['', /x\.json: expected a run record, got an empty file/],
    ['{', /text that is not JSON/],
    ['{}', /JSON without a version/],
    [text.replace('"version":1', '"version":99'), /version 1, got 99; it was written by another posenc/],
    [text.replace('"seed":0', '"seed":"0"'), /configuration\.seed: .*damaged/],
  ])('that is wrong is refused with what to do: %#', (broken, message) => {
    expect(() => parseRecord(broken, 'x.json')).toThrow(RecordError);
    expect(() => parseRecord(broken, 'x.json')).toThrow(message);
  });
});
