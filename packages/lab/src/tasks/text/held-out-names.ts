/**
 * Names that are tested and never trained on. Knows no data, no tokens and no model.
 */
import { hashFraction, type Split } from '../../data/hash.ts';
import { FEWEST_IN_SPLIT } from '../shared/splits.ts';
import { TaskError } from '../task.ts';
import { type NamedText, PartlyScoredText } from './named-text.ts';

/** The share of words of names that are held out for validation and test. */
const HELD_OUT_NAMES = 0.25;

/**
 * Training texts without any held-out name; other texts with at least one, in which only the held-out ones count.
 *
 * @param notes - is told how many texts that leaves
 * @throws {TaskError} if a split is left with fewer than `FEWEST_IN_SPLIT` texts
 */
export function holdOutNames(
  splits: Readonly<Record<Split, readonly NamedText[]>>,
  notes: string[] = [],
): Readonly<Record<Split, readonly NamedText[]>> {
  const tested = (list: readonly NamedText[]): NamedText[] =>
    list.filter(({ names }) => names.some(isHeldOut)).map((text) => new PartlyScoredText(text, isHeldOut));
  const kept = {
    train: splits.train.filter(({ names }) => !names.some(isHeldOut)),
    validation: tested(splits.validation),
    test: tested(splits.test),
  };
  for (const split of ['train', 'validation', 'test'] as const) {
    if (kept[split].length >= FEWEST_IN_SPLIT) continue;
    throw new TaskError(
      `entities: expected at least ${FEWEST_IN_SPLIT} texts for ${split} when names are held out, got ` +
        `${kept[split].length} of ${splits[split].length}; give more rows, or --seen-names keep`,
    );
  }
  notes.push(
    `Of ${splits.train.length} training texts, ${kept.train.length} have no held-out name; of ` +
      `${splits.validation.length + splits.test.length} others, ${kept.validation.length + kept.test.length} have one.`,
  );
  return kept;
}

/** By word, so that no held-out name differs from a trained one in a further word, a possessive or a hyphen only. */
function isHeldOut(name: string | undefined): boolean {
  return name !== undefined && nameWords(name).some((word) => hashFraction(`name ${word}`) < HELD_OUT_NAMES);
}

/** The words of a name that tell it from others: single letters, as initials and possessive endings are, do not. */
export function nameWords(name: string): string[] {
  return name
    .normalize('NFC')
    .toLowerCase()
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => [...word].length > 1);
}
