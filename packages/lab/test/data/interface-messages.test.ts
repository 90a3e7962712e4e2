import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pairUp, plainEnglish, readInterfaceMessages } from '../../src/data/interface-messages.ts';
import { packageFolder } from '../../src/data/read-file.ts';

test('accents stand for letters, also in capitals; signs stay as they are', () => {
  expect(plainEnglish('Gø tø Ñëxt Çømmëñtëð Ræñgë')).toBe('Go to Next Commented Range');
  expect(plainEnglish('Æ££ ßÜT {0} → Ýøµr Ðævïð §ïgñs § — Þ')).toBe('ALL BUT {0} → Your David Signs S — Þ');
});

test('every message that an extension keys by its English text is that text again', () => {
  const folder = join(packageFolder('@codingame/monaco-vscode-language-pack-qps-ploc'), 'translations/extensions');
  let count = 0;
  for (const file of readdirSync(folder)) {
    const { contents } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
      contents: { bundle?: Record<string, string> };
    };
    for (const [english, written] of Object.entries(contents.bundle ?? {})) {
      // A comment for translators may follow the text in its key.
      const [text = ''] = english.split('/Please');
      if (text.includes('/{') || english.includes('/')) continue;
      expect(plainEnglish(written)).toBe(text);
      count++;
    }
  }
  expect(count).toBeGreaterThan(500);
});

test('there are some 14,000 distinct pairs, the known ones among them', async () => {
  const messages = await readInterfaceMessages();
  expect(messages).toHaveLength(14_003);
  const spanish = new Map(messages.map((message) => [message.english, message.spanish]));
  expect(spanish.get('Go to Next Commented Range')).toBeDefined();
  expect(spanish.get('Toggle Panel Visibility')).toBe('Alternar visibilidad del panel');
  expect(spanish.get('Collapse All')).toBe('Contraer todo');
  expect(spanish.get('Do not recommend this extension again')).toBe('No volver a recomendar esta extensión');
  expect(spanish.get('Add Remote')).toBe('Agregar remoto');
  for (const message of messages) {
    expect(message.english).not.toBe(message.spanish);
    expect(Math.min(...[message.english, message.spanish].map((text) => text.split(/\s+/).length))).toBeGreaterThan(1);
  }
  expect(new Set(messages.map((message) => JSON.stringify(message))).size).toBe(messages.length);
});

test('packs of different shapes are refused', () => {
  expect([...pairUp(['a', null, { b: 'c', d: 'e' }], ['x', 'y', { b: 'z' }], 'main')]).toEqual([
    ['a', 'x'],
    ['c', 'z'],
  ]);
  expect(() => [...pairUp(['a'], ['a', 'b'], 'main')]).toThrow(
    /main: expected as many messages in both packs, got 1 and 2/,
  );
  expect(() => [...pairUp({ a: ['b'] }, { a: 'b' }, 'main')]).toThrow(/main: a: expected a message in both packs/);
});
