/** The normalizers of a `tokenizer.json`, one after the other, with every character's place in the original text. */
import { DataError } from '../data-error.ts';
import type { Normalizer } from './hugging-face.ts';
import { type AlignedText, changeAligned, changeClusters, follow, lowerCase } from './normalization.ts';

/**
 * What the normalizers make of a text.
 * @param normalizers each with the type that the file gives it
 * @throws {DataError} if characters cannot be followed through a normalizer
 */
export function applyNormalizers(
  text: string,
  normalizers: readonly { readonly type: string; readonly run: Normalizer }[],
  source: string,
): AlignedText {
  return normalizers.reduce<AlignedText>(
    (aligned, { type, run }) => follow(aligned, applyOne(aligned.text, type, run, source)),
    { text },
  );
}

function applyOne(text: string, type: string, run: Normalizer, source: string): AlignedText {
  switch (type) {
    // These look at one character with its marks at a time.
    case 'Lowercase':
      return lowerCase(text);
    case 'BertNormalizer':
    case 'StripAccents':
      return changeClusters(text, (cluster) => run.normalize(cluster));
    case 'Prepend':
      return text === '' ? { text } : prepended(text, run.normalize(''));
    case 'Strip': {
      const kept = run.normalize(text);
      return shifted(kept, kept === text.trimEnd() ? 0 : text.length - text.trimStart().length);
    }
    default: {
      const aligned = changeAligned(text, (part) => run.normalize(part));
      if (aligned !== undefined) return aligned;
      throw new DataError(
        `${source}: its normalizer ${type} changes a text in a way that leaves no way to tell where its characters were; ` +
          'train a tokenizer by leaving --tokenizer out',
      );
    }
  }
}

/** `text` with `added` before it, which has the place of the first character. */
function prepended(text: string, added: string): AlignedText {
  const { starts, ends } = shifted(added + text, -added.length);
  starts.fill(0, 0, added.length);
  ends.fill(String.fromCodePoint(text.codePointAt(0) as number).length, 0, added.length);
  return { text: added + text, starts, ends };
}

/** A text whose first code unit was at `start`. */
export function shifted(text: string, start: number): Required<AlignedText> {
  const starts = Int32Array.from({ length: text.length }, (_, unit) => start + unit);
  return { text, starts, ends: starts.map((unit) => unit + 1) };
}
