/**
 * Groups English words into stem families: a word and its inflected or derived relatives by -s, -es, -ed, -ing, -er,
 * -est and -ly, with e dropped (`hope`, `hoping`), consonants doubled (`hop`, `hopping`), k put in (`panic`,
 * `panicked`) and y changed (`try`, `tried`).
 * It works on spelling alone and errs on the side of joining too much (`hop` and `hope` share `hoping`): a family
 * that is too large costs a few examples, one that is too small leaks them into another split.
 * Knows nothing of pronunciation or of splits.
 */

const SUFFIXES = ['s', 'es', 'ed', 'ing', 'er', 'est', 'ly'] as const;
const VOWEL = /[aeiouy]/;

/**
 * The family of each word, named by its alphabetically first member.
 * Words are joined when removing suffixes, one after another, leads to a common form, whether or not that form is itself
 * in `words`.
 * @param words lower-case a–z
 */
export function stemFamilies(words: readonly string[]): ReadonlyMap<string, string> {
  const parents = new Map<string, string>();
  const find = (form: string): string => {
    let root = form;
    for (let next = parents.get(root); next !== undefined && next !== root; next = parents.get(root)) root = next;
    for (let at = form; at !== root; ) {
      const next = parents.get(at) as string;
      parents.set(at, root);
      at = next;
    }
    return root;
  };
  const enter = (form: string): void => {
    if (parents.has(form)) return;
    parents.set(form, form);
    for (const stem of stems(form)) {
      enter(stem);
      parents.set(find(form), find(stem));
    }
  };
  for (const word of words) enter(word);
  const names = new Map<string, string>();
  for (const word of words) {
    const root = find(word);
    const name = names.get(root);
    if (name === undefined || word < name) names.set(root, word);
  }
  return new Map(words.map((word) => [word, names.get(find(word)) as string]));
}

/** Every form that `word` may be made from by adding one suffix: what remains has at least two letters and a vowel. */
function stems(word: string): string[] {
  const found: string[] = [];
  for (const suffix of SUFFIXES) {
    if (!word.endsWith(suffix)) continue;
    const rest = word.slice(0, -suffix.length);
    if (rest.length < 2 || !VOWEL.test(rest)) continue; // str|ing
    found.push(rest); // walk|ed
    if (suffix === 's') continue;
    found.push(`${rest}e`); // hop|ing → hope, simp|ly → simpe is no word and does no harm
    if (suffix === 'ly') found.push(`${rest}le`, `${rest}l`); // simp|ly → simple, ful|ly → full
    if (suffix === 'ly' && rest.endsWith('ical')) found.push(rest.slice(0, -2)); // bas|ical|ly → basic
    const last = rest.at(-1) as string;
    if (rest.at(-2) === last && !VOWEL.test(last)) found.push(rest.slice(0, -1)); // hopp|ing → hop
    if (rest.endsWith('ck')) found.push(rest.slice(0, -1)); // panick|ed → panic
    if (last === 'i') found.push(`${rest.slice(0, -1)}y`); // tri|ed → try
    if (last === 'y' && suffix === 'ing') found.push(`${rest.slice(0, -1)}ie`); // dy|ing → die
  }
  return found;
}
