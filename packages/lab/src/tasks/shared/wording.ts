/** How errors and notes name options and count things. Knows no task. */

/** An option as it is typed: `trainedLength` → `--trained-length`. */
export function flag(option: string): string {
  return `--${option.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** `counted(1, 'source tokens')` is `1 source token`; other numbers keep the plural. */
export function counted(count: number, plural: string): string {
  return `${count} ${count === 1 ? plural.replace(/(ss)es$|s$/, '$1') : plural}`;
}
