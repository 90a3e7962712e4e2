/**
 * Questions about profiles of countries: fields in an order drawn by hash, so that an answer may stand anywhere, and one
 * of them is asked for. Knows no tokens, no model and no encoding.
 */
import type { Profile, ProfileField } from '../../data/factbook.ts';
import { hashFraction } from '../../data/hash.ts';
import type { AskedText } from './asked-text.ts';

/** Longer fields would be most of a context. */
const LONGEST_ANSWER = 8;

/** What can be asked of a profile: a heading and a short answer. */
interface Entry {
  readonly heading: string;
  readonly answer: string;
}

/**
 * A question about one field of a profile, with a context of other fields around it.
 *
 * @param size - characters of the context, about
 * @param name - decides what is drawn: equal names give equal questions
 */
export function askProfile(profile: Profile, size: number, name: string): AskedText | undefined {
  const entries = entriesOf(profile);
  if (entries.length === 0) return undefined;
  const drawn = entries
    .map((entry) => ({ entry, place: hashFraction(`${name} ${profile.code} ${entry.heading}`) }))
    .sort((a, b) => a.place - b.place || (a.entry.heading < b.entry.heading ? -1 : 1))
    .map(({ entry }) => entry);
  const chosen: Entry[] = [];
  let length = 0;
  for (const entry of drawn) {
    const text = textOf(entry);
    if (chosen.length > 0 && length + text.length > size) break;
    chosen.push(entry);
    length += text.length + 1;
  }
  const asked = Math.floor(hashFraction(`${name} ${profile.code} asked`) * chosen.length);
  const before = chosen.slice(0, asked).reduce((sum, entry) => sum + textOf(entry).length + 1, 0);
  const { heading, answer } = chosen[asked] as Entry;
  const start = before + heading.length + 2;
  return {
    id: `${profile.name} ${name}`,
    question: `${heading}?`,
    context: chosen.map(textOf).join(' '),
    answers: [{ start, end: start + answer.length }],
  };
}

/** Fields with short answers, called by their last two headings, each once. */
function entriesOf({ fields }: Profile): Entry[] {
  const entries = new Map<string, Entry>();
  for (const field of fields) {
    const heading = headingOf(field);
    const words = field.answer.split(' ').length;
    if (field.answer === '' || words > LONGEST_ANSWER || entries.has(heading)) continue;
    entries.set(heading, { heading, answer: field.answer });
  }
  return [...entries.values()];
}

function headingOf({ path }: ProfileField): string {
  return path.slice(-2).join(', ');
}

function textOf({ heading, answer }: Entry): string {
  return `${heading}: ${answer}.`;
}
