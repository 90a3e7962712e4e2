/** Tells from the first bytes of a file what kind of file it is, if it is none of rows. Knows no reader. */

/** What a file is, and what to do with it. */
export interface Look {
  readonly what: string;
  readonly advice: string;
}

const IMAGE = 'give a table that names images, or a folder of images to the task image';
const UNPACK = 'unpack it first and give one of the files in it';
const EXPORT = 'export the rows as CSV in UTF-8';
const COMPRESS = 'decompress it, or compress with gzip instead';

/** Magic numbers by their place in the file, as bytes in Latin-1. */
const MAGIC: readonly (readonly [at: number, bytes: string, what: string, advice: string])[] = [
  [0, '\x89PNG\r\n\x1a\n', 'a PNG image', IMAGE],
  [0, '\xff\xd8\xff', 'a JPEG image', IMAGE],
  [0, 'GIF87a', 'a GIF image', IMAGE],
  [0, 'GIF89a', 'a GIF image', IMAGE],
  [8, 'WEBP', 'a WebP image', IMAGE],
  [4, 'ftyp', 'a video or image of the MP4 family', 'give a folder of its frames to the task video'],
  [0, '%PDF-', 'a PDF document', 'give its text, one document a line or one .txt file each'],
  [0, '{\\rtf', 'a rich text document', 'save it as plain text in UTF-8'],
  [0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'an old Excel or Word document', EXPORT],
  [0, "7z\xbc\xaf'\x1c", 'a 7z archive', UNPACK],
  [0, 'Rar!\x1a\x07', 'a RAR archive', UNPACK],
  [257, 'ustar', 'a tar archive', UNPACK],
  [0, '\xfd7zXZ\0', 'a file compressed with xz', COMPRESS],
  [0, '\x28\xb5\x2f\xfd', 'a file compressed with zstd', COMPRESS],
  [0, 'BZh', 'a file compressed with bzip2', COMPRESS],
  [0, '\x1f\x8b\x08', 'a file compressed with gzip twice', 'decompress it once'],
  [0, 'SQLite format 3\0', 'an SQLite database', EXPORT],
  [0, '\x89HDF\r\n\x1a\n', 'an HDF5 file', EXPORT],
  [0, '\x93NUMPY', 'a NumPy array', EXPORT],
  [0, 'ARROW1\0\0', 'an Arrow or Feather file', 'save it as Parquet or CSV'],
  [0, 'ORC', 'an ORC file', 'save it as Parquet or CSV'],
  [0, 'Obj\x01', 'an Avro file', 'save it as Parquet or CSV'],
  [0, '\x80\x04\x95', 'a Python pickle', 'save the rows as Parquet or CSV'],
  [0, '\xff\xfe\0\0', 'text in UTF-32', 'save it as text in UTF-8'],
  [0, '\0\0\xfe\xff', 'text in UTF-32', 'save it as text in UTF-8'],
  [0, '\x7fELF', 'a program', 'give the file that holds the data'],
];

/** What a file that begins with `head` is, if it is known to hold no rows. */
export function looksLike(head: Buffer): Look | undefined {
  const text = head.toString('latin1', 0, 8192);
  if (text.startsWith('PK\x03\x04') || text.startsWith('PK\x05\x06')) return zipLook(text);
  const found = MAGIC.find(([at, bytes]) => text.startsWith(bytes, at));
  return found && { what: found[2], advice: found[3] };
}

/** What a text is that is read where a table is expected, if it is clearly none. */
export function looksLikeMarkup(text: string): Look | undefined {
  if (/^\s*(<!doctype html|<html)/i.test(text)) {
    return { what: 'a web page', advice: 'download the file itself, not the page about it' };
  }
  return /^\s*<\?xml/i.test(text) ? { what: 'XML', advice: EXPORT } : undefined;
}

function zipLook(text: string): Look {
  if (/xl\/|\[Content_Types\]\.xml/.test(text) && !/word\//.test(text)) {
    return { what: 'an Excel workbook (.xlsx)', advice: 'save its sheet as CSV in UTF-8' };
  }
  if (/word\//.test(text)) return { what: 'a Word document', advice: 'save it as plain text in UTF-8' };
  if (/mimetypeapplication\/vnd\.oasis/.test(text)) return { what: 'an OpenDocument file', advice: EXPORT };
  return { what: 'a zip archive', advice: UNPACK };
}
