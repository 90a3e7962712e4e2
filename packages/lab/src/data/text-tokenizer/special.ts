/** Which tokens of a user's own tokenizer are padding, begin, end and separator. Knows no texts. */
import { FIRST_TEXT_ID } from './types.ts';

/** Usual names, most telling first. */
const NAMES: readonly (readonly string[])[] = [
  ['<pad>', '[PAD]', '<PAD>', '<|pad|>', '<|padding|>', '<|finetune_right_pad_id|>'],
  ['<bos>', '[BOS]', '<s>', '[CLS]', '<cls>', '<|startoftext|>', '<|begin_of_text|>', '<|im_start|>'],
  ['<eos>', '[EOS]', '</s>', '<|endoftext|>', '<|end_of_text|>', '<|im_end|>', '[SEP]'],
  ['<sep>', '[SEP]', '</s>', '<|sep|>'],
];

/** How the numbers of a file and those of tasks go together. */
export interface Numbering {
  /** The file's number of each number here; undefined for a special token that the file has not. */
  readonly fileIds: readonly (number | undefined)[];
  /** The number here of each number of the file. */
  readonly ids: ReadonlyMap<number, number>;
}

/**
 * Padding 0, begin 1, end 2, separator 3, each the first of its names that no earlier one took; the others follow.
 * @param fileIdOf the file's number of each token
 * @param unknown what texts become that the tokenizer cannot write; it is no special token
 */
export function renumber(fileIdOf: ReadonlyMap<string, number>, unknown: string | undefined): Numbering {
  const taken = new Set<number>();
  const special = NAMES.map((names) => {
    const known = names.filter((name) => name !== unknown).map((name) => fileIdOf.get(name));
    const found = known.find((id) => id !== undefined && !taken.has(id));
    if (found !== undefined) taken.add(found);
    return found;
  });
  const others = [...new Set(fileIdOf.values())].filter((id) => !taken.has(id)).sort((a, b) => a - b);
  const ids = new Map(others.map((fileId, index) => [fileId, FIRST_TEXT_ID + index]));
  special.forEach((fileId, id) => {
    if (fileId !== undefined) ids.set(fileId, id);
  });
  return { fileIds: [...special, ...others], ids };
}
