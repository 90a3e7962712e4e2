/** What a mutant is. */

/** One small change to the code, and the test file that must fail because of it. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly search: string;
  readonly replace: string;
  readonly test: string;
}

const library = 'packages/posenc';

/** Mutants of one source file of the library against one of its test files: each a name, what stands, what is put. */
export function mutantsOf(
  source: string,
  test: string,
  changes: readonly (readonly [name: string, search: string, replace: string])[],
): Mutant[] {
  const [file, testFile] = [`${library}/src/${source}`, `${library}/test/${test}`];
  return changes.map(([name, search, replace]) => ({ name, file, search, replace, test: testFile }));
}
