/** Windows of training texts by number, so that texts are read when they are drawn. Knows no texts and no tokens. */

/** Of each window, the text it is of, and which of its windows. */
export interface NumberedWindows {
  readonly texts: Uint32Array;
  readonly windows: Uint32Array;
}

/** Every window, text by text. @param counts - windows of each text */
export function numberWindows(counts: Uint32Array): NumberedWindows {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const [texts, windows] = [new Uint32Array(total), new Uint32Array(total)];
  let at = 0;
  counts.forEach((count, text) => {
    for (let window = 0; window < count; window += 1) {
      texts[at] = text;
      windows[at] = window;
      at += 1;
    }
  });
  return { texts, windows };
}
