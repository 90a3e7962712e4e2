/** How many bits a model of text needs. Knows no task and no model. */

/** Nats over characters, in bits: nats / (ln 2 · characters). Comparable between tokenizers of one text. */
export function bitsPerCharacter(nats: number, characters: number): number {
  return nats / Math.LN2 / characters;
}
