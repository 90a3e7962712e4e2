/** Equal texts kept once: a million rows say the same few words, each row with copies of its own. Knows no task. */

/** A function that returns, for equal texts, the same one. */
export function keepOnce(): (text: string) => string {
  const kept = new Map<string, string>();
  return (text) => {
    const found = kept.get(text);
    if (found !== undefined) return found;
    kept.set(text, text);
    return text;
  };
}
