/** The nearest of some names, for errors about a name that was mistyped. Knows nothing of what the names stand for. */

/** What other libraries call it. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  rope: 'rotary',
  theta: 'base',
  rope_theta: 'base',
  rope_type: 'scaling',
  absolute: 'learned',
  relative_position_bias: 't5',
  rotary_dim: 'rotaryDim',
  original_max_position_embeddings: 'originalLength',
};

/** `; did you mean …?` when one of the names is near, else nothing. */
export function suggestion(name: string, names: readonly string[]): string {
  const alias = ELSEWHERE[name.toLowerCase()];
  if (alias !== undefined && names.includes(alias)) return `; did you mean ${alias}?`;
  const [nearest] = names
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(2, candidate.length / 3))
    .sort((a, b) => a.distance - b.distance);
  return nearest === undefined ? '' : `; did you mean ${nearest.candidate}?`;
}

/** Letters to insert, leave out or replace to get from one word to the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
