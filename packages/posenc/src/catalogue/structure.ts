/** Encodings that replace the step from queries, keys and values to the output. */
import type { EncodingDescription } from './description.ts';

export const structureEncodings: readonly EncodingDescription[] = [];
