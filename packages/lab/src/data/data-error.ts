/** The error of every reader of people's own files. Knows no format. */

/** A file that cannot be used; the message says where, what was expected, what was found and what to do. */
export class DataError extends Error {
  override readonly name = 'DataError';
}
