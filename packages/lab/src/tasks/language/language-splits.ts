/**
 * Divides a person's own texts between training, validation and test: whole, by what must stay together, or, of few
 * texts, each in order. Knows no tokens, no files and no model.
 */
import type { Split } from '../../data/hash.ts';
import { hashedRanks } from '../shared/hashed-keys.ts';
import { TaskError } from '../task.ts';

/** Shares of groups of documents, and of a document that is divided in order. */
const SHARES = { validation: 0.05, test: 0.1 };
const IN_ORDER_SHARES = { validation: 0.1, test: 0.15 };
/** What is trained on of a document that is divided in order. */
export const TRAINED_SHARE_IN_ORDER = 1 - IN_ORDER_SHARES.validation - IN_ORDER_SHARES.test;
/** Fewer documents than this are each divided in order instead of being given to splits whole. */
export const FEWEST_DOCUMENTS = 10;
const FEWEST_GROUPS = 3;

/** A document. */
export interface Text {
  readonly name: string;
  readonly group: string | undefined;
  readonly text: string;
}

/** Texts of a split; the first tokens of each are left out, at the end of the text of another split. */
export interface Part {
  readonly texts: readonly Text[];
  readonly gap: number;
}

export type Parts = Readonly<Record<Split, Part>>;

/**
 * Keys go to a split whole, in an order decided by their hashes; validation and test get one at least.
 *
 * @param keyOf - what must not be in two splits
 * @throws {TaskError} if there are fewer than three
 */
export function divideByKey(texts: readonly Text[], keyOf: (text: Text) => string): Parts {
  const { ranks, keys } = hashedRanks(texts, keyOf);
  if (keys < FEWEST_GROUPS) {
    throw new TaskError(
      `language: expected texts of at least ${FEWEST_GROUPS} groups that differ, one for each split, got ${keys}; ` +
        'give more texts, or leave --group out',
    );
  }
  const testEnd = Math.max(1, Math.round(SHARES.test * keys));
  const validationEnd = testEnd + Math.max(1, Math.round(SHARES.validation * keys));
  const between = (from: number, to: number): Part => ({
    texts: texts.filter((_, index) => (ranks[index] as number) >= from && (ranks[index] as number) < to),
    gap: 0,
  });
  return {
    test: between(0, testEnd),
    validation: between(testEnd, validationEnd),
    train: between(validationEnd, keys),
  };
}

/** Each text's start is trained on, its end is the test, and the first `gap` tokens of what follows a part are left out. */
export function divideInOrder(texts: readonly Text[], gap: number): Parts {
  const part = (from: number, to: number): Text[] =>
    texts.map(({ name, group, text }) => ({
      name,
      group,
      text: text.slice(boundary(text, from * text.length), boundary(text, to * text.length)),
    }));
  const [trainEnd, validationEnd] = [TRAINED_SHARE_IN_ORDER, 1 - IN_ORDER_SHARES.test];
  return {
    train: { texts: part(0, trainEnd), gap: 0 },
    validation: { texts: part(trainEnd, validationEnd), gap },
    test: { texts: part(validationEnd, 1), gap },
  };
}

/** The place at or just after `place` that is not within a character. */
function boundary(text: string, place: number): number {
  const at = Math.round(place);
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at + 1 : at;
}
