/** Labelled training texts as tokens, without the texts themselves. Knows no tokenizer and no particular task. */
import type { PackedTokens } from '../shared/packed-tokens.ts';

/** Training examples without their texts. */
export interface TrainedTexts {
  readonly tokens: PackedTokens;
  /** Of each text, trained on or not. */
  readonly labels: Int32Array;
  /** The texts that are trained on, by number. */
  readonly inside: Uint32Array;
  /** Tokens kept of a text. */
  readonly limit: number;
}

/** A text as tokens, and its class. */
export interface TrainedText {
  readonly ids: Int32Array;
  readonly label: number;
}

/** Texts of each class that are trained on [classes]. */
export function countLabels({ labels, inside }: TrainedTexts, classes: number): Int32Array {
  const counts = new Int32Array(classes);
  for (const index of inside) {
    const label = labels[index] as number;
    counts[label] = (counts[label] as number) + 1;
  }
  return counts;
}

/** The example that is trained on as number `at`. */
export function trainedExample({ tokens, labels, inside, limit }: TrainedTexts, at: number): TrainedText {
  const index = inside[at] as number;
  return { ids: tokens.at(index, limit), label: labels[index] as number };
}

/** The tokens of the texts that are trained on, one after the other. */
export function* documentsOf({ tokens, inside, limit }: TrainedTexts): Generator<Int32Array> {
  for (const index of inside) yield tokens.at(index, limit);
}
