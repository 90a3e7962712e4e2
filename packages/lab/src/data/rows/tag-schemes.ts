/**
 * Schemes that mark chunks of tokens by tags: IOB1 (Ramshaw and Marcus 1995), IOB2 (Tjong Kim Sang and Veenstra 1999)
 * and IOBES, also called BIOES, BILOU or BMEWO; all become IOB2. Knows no files and no models.
 */

export type TagScheme = 'IOB1' | 'IOB2' | 'IOBES';

/** How often tags are met that tell the schemes apart. */
export interface SchemeEvidence {
  /** A chunk that begins with I, which only IOB1 allows. */
  insideFirst: number;
  /** A chunk that begins with B and does not follow one of its type, which IOB1 does not allow. */
  beginFirst: number;
  /** S, U, W, E, L and M, which only IOBES has. */
  singleOrEnd: number;
}

const TAG = /^(?:O|[BISEULWM][-_].+)$/;
/** Letters of BILOU and BMEWO as those of IOBES. */
const SAME: Readonly<Record<string, string>> = { U: 'S', W: 'S', L: 'E', M: 'I' };

export function isTag(tag: string): boolean {
  return TAG.test(tag);
}

/** Adds what the tags of one sentence tell. */
export function gatherEvidence(tags: readonly string[], evidence: SchemeEvidence): void {
  let previous = 'O';
  for (const tag of tags) {
    const letter = tag[0] as string;
    const follows = previous !== 'O' && previous.slice(2) === tag.slice(2);
    if ('SEULWM'.includes(letter)) evidence.singleOrEnd++;
    else if (letter === 'I' && !follows) evidence.insideFirst++;
    else if (letter === 'B' && !follows) evidence.beginFirst++;
    previous = tag;
  }
}

/** The scheme most tags agree with. */
export function schemeOf({ insideFirst, beginFirst, singleOrEnd }: SchemeEvidence): TagScheme {
  if (singleOrEnd > 0) return 'IOBES';
  return insideFirst > beginFirst ? 'IOB1' : 'IOB2';
}

/** The tags of one sentence in IOB2, or the index of the first that the scheme does not allow there, and why. */
export function toIob2(
  tags: readonly string[],
  scheme: TagScheme,
): { readonly tags: readonly string[] } | { readonly index: number; readonly reason: string } {
  const converted: string[] = [];
  // The letter and type of the tag before, in letters of IOBES.
  let [letterBefore, typeBefore] = ['O', ''];
  for (const [index, tag] of tags.entries()) {
    const letter = SAME[tag[0] as string] ?? (tag[0] as string);
    const type = tag.slice(2);
    const bad = problem(scheme, [letterBefore, typeBefore], [letter, type], tags[index - 1] ?? 'the beginning');
    if (bad !== undefined) return { index, reason: bad };
    const continues = (letter === 'I' || letter === 'E') && typeBefore === type && letterBefore !== 'O';
    converted.push(letter === 'O' ? 'O' : `${continues ? 'I' : 'B'}-${type}`);
    [letterBefore, typeBefore] = [letter, type];
  }
  if (scheme === 'IOBES' && (letterBefore === 'B' || letterBefore === 'I')) {
    const reason = `the name ends with ${tags.at(-1)}, expected E-${typeBefore} or S-${typeBefore} (IOBES)`;
    return { index: tags.length - 1, reason };
  }
  return { tags: converted };
}

type Tag = readonly [letter: string, type: string];

function problem(scheme: TagScheme, before: Tag, now: Tag, beforeText: string): string | undefined {
  const [letter, type] = now;
  const said = letter === 'O' ? 'O' : `${letter}-${type}`;
  const open = before[0] !== 'O' && (scheme !== 'IOBES' || before[0] === 'B' || before[0] === 'I');
  const same = open && before[1] === type;
  if (scheme === 'IOB1') {
    return letter === 'B' && !same ? `${said} follows ${beforeText}, which IOB1 does not allow` : undefined;
  }
  if (scheme === 'IOB2') {
    return letter === 'I' && !same ? `${said} follows ${beforeText}, expected B-${type} (IOB2)` : undefined;
  }
  const continues = letter === 'I' || letter === 'E';
  if (continues !== open || (continues && !same)) return `${said} follows ${beforeText}, which IOBES does not allow`;
  return undefined;
}
