/**
 * Every encoding of the catalogue gives, element by element, what its reference gives: values on the float64 engine, and
 * the gradients of everything it learns and everything it is given.
 */

import type { Encoding, Positions } from 'posenc';
import * as library from 'posenc';
import * as positions from 'posenc/positions';
import { type PlainTensor, valueAndGradient } from 'posenc/tensor';
import { describe, expect, test } from 'vitest';
import { type CatalogueCase, families } from './support/catalogue-golden.ts';
import { expectClose } from './support/close.ts';
import { runEncoding } from './support/run-encoding.ts';

type Result = number | ArrayLike<number> | Positions | undefined;

const functionsByName = { ...library, ...positions } as unknown as Record<string, (...all: unknown[]) => Result>;

function toList(result: Exclude<Result, number>): ArrayLike<number> {
  if (result === undefined) return [];
  return 'values' in result && typeof result.values !== 'function' ? result.values : (result as ArrayLike<number>);
}

/** Gradients sum over more terms than values. */
const GRADIENT_SLACK = 10;

describe.each(families)('$name', ({ cases, functions }) => {
  test.each(cases)('$construct: $title', (one) => {
    const encoding = construct(one) as Encoding;
    expect(one.source).not.toBe('');
    if (one.looked?.includes('.')) {
      const found = hostNumbers(encoding, one);
      if (one.relative === true)
        expectClose(quotients(found, one.value), quotients(one.value, one.value), one.tolerance);
      else expectClose(found, one.value, one.tolerance);
      return;
    }
    expectSameParameters(encoding, one);
    const { run, parameters } = runEncoding(encoding, one, one.activations, one.learned, one.looked as never);
    const { value, gradients } = valueAndGradient(run, parameters, one.cotangent);
    expectClose(value, one.value, one.tolerance);
    for (const [name, expected] of Object.entries(one.gradients)) {
      expectClose(gradients[name] as PlainTensor, expected, GRADIENT_SLACK * one.tolerance, `gradient ${name}`);
    }
  });

  if (functions.length > 0) {
    test.each(functions)('$function: $title', ({ function: name, arguments: given, value, tolerance }) => {
      const result = functionsByName[name]?.(...given);
      const numbers = typeof result === 'number' ? [result] : Array.from(toList(result));
      expect(numbers.length).toBe(value.length);
      numbers.forEach((number, index) => {
        const expected = value[index] as number;
        expect(Math.abs(number - expected), `element ${index}: ${number}, expected ${expected}`).toBeLessThanOrEqual(
          tolerance * Math.max(1, Math.abs(expected)),
        );
      });
    });
  }
});

/** What a constructor of the library makes; options that are themselves constructed come first. */
function construct({ construct: name, options }: Pick<CatalogueCase, 'construct' | 'options'>): unknown {
  const make = (library as unknown as Record<string, (options: unknown) => unknown>)[name];
  if (make === undefined) throw new Error(`no export ${name}`);
  const isNested = (value: unknown): value is Pick<CatalogueCase, 'construct' | 'options'> =>
    typeof value === 'object' && value !== null && 'construct' in value;
  return make(
    Object.fromEntries(
      Object.entries(options).map(([key, value]) => [key, isNested(value) ? construct(value) : value]),
    ),
  );
}

/** Elements divided by those expected; equal ones give 1, zeros too. */
function quotients(found: PlainTensor, expected: PlainTensor): PlainTensor {
  const data = found.data.map((value, index) =>
    value === expected.data[index] ? 1 : value / (expected.data[index] as number),
  );
  return { ...found, data };
}

function hostNumbers(encoding: Encoding, { looked, queries, keys }: CatalogueCase): PlainTensor {
  const [kind, name] = (looked as string).split('.') as [string, string];
  const numbers = (() => {
    if (kind === 'vectors') return encoding.vectors(queries);
    switch (encoding.site) {
      case 'none':
        return {};
      case 'input':
        return encoding.signals(queries);
      case 'query-key':
        return encoding.signals(queries, 'query');
      default:
        return encoding.signals(queries, keys);
    }
  })();
  const found = numbers[name];
  if (found === undefined) throw new Error(`${encoding.name} has no ${kind} ${name}`);
  return found;
}

/** The declared parameters are those the reference has, in the same shapes. */
function expectSameParameters(encoding: Encoding, { learned }: CatalogueCase): void {
  const shapes = Object.fromEntries(Object.entries(learned).map(([name, { shape }]) => [name, shape]));
  expect(Object.fromEntries(encoding.parameters.map(({ name, shape }) => [name, shape]))).toEqual(shapes);
}
