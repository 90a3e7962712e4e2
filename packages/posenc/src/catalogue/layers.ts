/** Which layers an encoding acts in, as people write it. Knows no encoding. */

/**
 * Reads a choice of layers: `4n` every fourth (the 4th, 8th …), `not-4n` all others, `0/2/5` these, counted from 0.
 *
 * @throws {RangeError} when the text is none of these
 */
export function parseLayers(text: string): (layer: number) => boolean {
  const multiple = /^(not-)?([1-9]\d*)n$/.exec(text);
  if (multiple !== null) {
    const chosen = multiple[1] === undefined;
    const interval = Number(multiple[2]);
    return (layer) => ((layer + 1) % interval === 0) === chosen;
  }
  if (!/^\d+(\/\d+)*$/.test(text)) {
    throw new RangeError(`layers: expected 4n, not-4n or numbers from 0 as in 0/2/5, got ${text}`);
  }
  const layers = new Set(text.split('/').map(Number));
  return (layer) => layers.has(layer);
}
