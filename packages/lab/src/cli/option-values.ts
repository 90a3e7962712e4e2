/** Reads the values of options, and names options as they are typed. Knows no command. */
import { InvalidArgumentError } from 'commander';

/** `testExamples` → `test-examples`. */
export function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** An integer of at least 1. */
export function parseCount(text: string): number {
  return integer(text, 1);
}

/** An integer of at least 0. */
export function parseCountOrZero(text: string): number {
  return integer(text, 0);
}

/** A number above 0, or 0 itself. */
export function parseReal(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('Expected a number such as 0.002 or 2e-3.');
}

/** Names with commas between them. */
export function parseNames(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('Expected names with single commas between them.');
  return names;
}

/** `3` is the seeds 0, 1, 2; a list such as `4,7` is those seeds, `4,` only the seed 4. */
export function parseSeeds(text: string): number[] {
  if (!text.includes(',')) return Array.from({ length: integer(text, 1, 1000) }, (_, seed) => seed);
  return text
    .replace(/,$/, '')
    .split(',')
    .map((part) => integer(part.trim(), 0));
}

/** `name=value`, gathered over several uses of the option. */
export function parseSetting(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const split = text.indexOf('=');
  if (split < 1) throw new InvalidArgumentError('Expected name=value.');
  const name = text.slice(0, split);
  if (name in before) throw new InvalidArgumentError(`${name} is set twice.`);
  return { ...before, [name]: text.slice(split + 1) };
}

function integer(text: string, minimum: number, maximum = Number.MAX_SAFE_INTEGER): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= minimum && value <= maximum) return value;
  const range = maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
  throw new InvalidArgumentError(`Expected an integer ${range}.`);
}
