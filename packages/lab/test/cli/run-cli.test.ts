import { encodingDescriptions } from 'posenc/registry';
import { describe, expect, test } from 'vitest';
import { tasks } from '../../src/tasks/index.ts';
import { posenc } from './fake-io.ts';

const COMMANDS = ['compare', 'list', 'report', 'show', 'vectors'];

describe('help', () => {
  test('names every command and shows examples', async () => {
    for (const argv of [['help'], ['--help'], ['-h']]) {
      const { code, out, err } = await posenc(argv);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      for (const command of COMMANDS) expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
      expect(out).toContain('Examples:\n  posenc compare\n');
    }
  });

  test.each(COMMANDS)('of %s shows examples that the command itself understands', async (command) => {
    const { code, out } = await posenc(['help', command]);
    expect(code).toBe(0);
    expect((await posenc([command, '--help'])).out).toBe(out);
    const examples = [...out.matchAll(/^ {2}posenc (.*)$/gm)].map((match) => match[1] ?? '');
    expect(examples.length).toBeGreaterThan(1);
    for (const example of examples) {
      const { err } = await posenc([...example.split(' '), '--no-such-option']);
      expect(err).toMatch(/^error: unknown option '--no-such-option'/);
    }
  });

  test('comes on standard error, with exit code 2, when no command is given', async () => {
    const { code, out, err } = await posenc([]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('Usage: posenc');
  });

  test('fits the terminal', async () => {
    const { out } = await posenc(['help', 'compare'], { columns: 60 });
    const options = out.slice(0, out.indexOf('Finished runs'));
    expect(Math.max(...options.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
  });
});

test('the version is that of the package', async () => {
  expect(await posenc(['--version'])).toMatchObject({ code: 0, out: '0.1.0\n' });
});

describe('wrong use ends with exit code 2 and a hint:', () => {
  test.each([
    [['comapre'], 'Did you mean compare?'],
    [['lst'], 'Did you mean list?'],
    [['compare', '--sedes', '3'], 'Did you mean --seeds?'],
    [['compare', '--seeds', 'two'], 'Expected an integer from 1 to 1000'],
    [['compare', '--seeds', '0'], 'Expected an integer from 1 to 1000'],
    [['compare', '--steps', '1e3'], 'Expected an integer of at least 1'],
    [['compare', '--encodings', 'none,,rotary'], 'single commas'],
    [['compare', '--set', 'tokens'], 'Expected name=value'],
    [['compare', 'forecast'], 'too many arguments'],
    [['list', '--jsn'], 'Did you mean --json?'],
  ])('%j', async (argv, message) => {
    const { code, out, err } = await posenc(argv);
    expect(err).toMatch(/^error: /);
    expect(err).toContain(message);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });
});

describe('posenc list', () => {
  test('tells of every encoding and task, in lines that fit', async () => {
    const { code, out } = await posenc(['list'], { columns: 72 });
    expect(code).toBe(0);
    for (const { name, summary } of encodingDescriptions) {
      expect(out).toMatch(new RegExp(`^  ${name}$`, 'm'));
      expect(out.replaceAll(/\s+/g, ' ')).toContain(summary);
    }
    for (const { name } of tasks) expect(out).toMatch(new RegExp(`^  ${name} `, 'm'));
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(82);
  });

  test('--json says the same to a program', async () => {
    const list = JSON.parse((await posenc(['list', '--json'])).out) as Record<string, Record<string, unknown>[]>;
    expect(list.encodings?.map(({ name }) => name)).toEqual(encodingDescriptions.map(({ name }) => name));
    expect(list.encodings?.[0]).toMatchObject({ site: 'none', learnable: false, relative: true, options: [] });
    expect(list.tasks?.map(({ name }) => name)).toEqual(tasks.map(({ name }) => name));
    expect(list.tasks?.[0]).toMatchObject({ metrics: [{ name: 'phoneme-error-rate' }, {}], lengthUnit: 'letters' });
  });
});

describe('posenc show', () => {
  test.each(encodingDescriptions)('$name: formula, options, source, and a drawing', async (description) => {
    const { code, out, err } = await posenc(['show', description.name]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const text of [description.formula, description.source, ...description.pitfalls, ...description.models]) {
      expect(out).toContain(text);
    }
    for (const { name, description: text } of description.options) {
      expect(out).toContain(`${name}=`);
      expect(out).toContain(text);
    }
    expect(out).toMatch(/query position down|from the middle of a grid/);
    expect(out).not.toMatch(/NaN|undefined|\[object/);
  });

  test('draws what it says: a slope of one half halves nothing but the score', async () => {
    const { out } = await posenc(['show', 'alibi:direction=symmetric', '--heads', '1']);
    expect(out).toContain('blank -0.0898 … dark 0.00');
    const [first, second] = out.split('\n').filter((line) => line.includes('█'));
    expect(first?.startsWith('██')).toBe(true);
    expect(second?.indexOf('█')).toBe(0);
  });

  test('draws the view that is asked for, in characters and as SVG', async () => {
    const lines = (
      await posenc(['show', 'rotary', '--dim', '4', '--view', 'wavelengths', '--length', '100'])
    ).out.split('\n');
    const bars = lines.filter((line) => /^ +[01] /.test(line));
    expect(bars.map((line) => line.trim().split(/ +/).slice(0, 2))).toEqual([
      ['0', '6.28'],
      ['1', '628'],
    ]);
    expect(bars.map((line) => line.includes('▒'))).toEqual([false, true]);
    expect((await posenc(['show', 'alibi', '--causal', '--view', 'distance', '--length', '5'])).out).toContain(
      '          0   4',
    );
    for (const view of ['pattern', 'table', 'distance', 'wavelengths']) {
      expect((await posenc(['show', 'sinusoidal', '--view', view, '--svg'])).out).toMatch(/^<svg.*<\/svg>\n$/s);
    }
  });

  test('says which views there are when there is not the one asked for', async () => {
    const { code, err } = await posenc(['show', 'swin', '--view', 'distance']);
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringContaining('swin: --view: expected one of pattern, all, got distance'),
    });
  });

  test('several encodings that act together, and a published model with its context', async () => {
    const joined = (await posenc(['show', 'alibi+attention-sinks'])).out;
    expect(joined).toContain('ALiBi: ');
    expect(joined).toContain('attention sinks: ');
    const { out } = await posenc(['show', 'llama-3.1']);
    expect(out).toContain('against 131072 positions');
    expect((await posenc(['show', 'llama-3.1', '--view', 'wavelengths', '--svg'])).out).toMatch(
      /^<svg.*131072.*<\/svg>\n$/s,
    );
  });

  test('a published model has its own sizes, takes no options, and is suggested where a name is near it', async () => {
    expect((await posenc(['show', 'llama-3.1', '--heads', '3'])).err).toContain(
      '--heads: expected none with a published',
    );
    expect((await posenc(['show', 'llama-3.1:base=3'])).err).toContain(
      'llama-3.1 is a published model, which takes no options; it is rotary:base=500000:scaling=llama3',
    );
    expect((await posenc(['show', 'llama3.1'])).err).toContain('got llama3.1; did you mean llama-3.1?');
    expect((await posenc(['show', 'rope'])).err).toContain('did you mean rotary?');
    expect((await posenc(['show', 'rotary:theta=5'])).err).toContain('did you mean base?');
  });

  test('says in which layers each of several acts, and which attention it can be made for', async () => {
    const { out } = await posenc(['show', 'rotary:layers=not-6n+rotary:base=1000000:layers=6n']);
    expect(out).toMatch(/^layers {6}not-6n/m);
    expect(out).toMatch(/^layers {6}6n/m);
    expect((await posenc(['show', 'alibi'])).out).not.toContain('attention only');
    expect((await posenc(['show', 'self-extend'])).out).toContain('causal attention only');
  });

  test('heads that see nothing of the past are said to be hidden there', async () => {
    const { out } = await posenc(['show', 'alibi', '--view', 'distance', '--length', '20']);
    expect(out).toContain('head 3\n0.00 up to 0, hidden from 1 on');
  });

  test('as SVG and as JSON', async () => {
    expect((await posenc(['show', 't5', '--svg'])).out).toMatch(/^<svg.*<\/svg>\n$/s);
    const facts = JSON.parse((await posenc(['show', 'rotary', '--dim', '8', '--json'])).out) as Record<string, unknown>;
    expect(facts.wavelengths).toHaveLength(4);
    expect(facts).toMatchObject({ name: 'rotary', chosen: { headDim: 8, rotaryDim: 8 }, costs: { length: 1024 } });
  });
});
