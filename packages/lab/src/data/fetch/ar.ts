/**
 * Finds the members of an `ar` archive, the outer form of Debian's packages (deb(5), ar(5) "common" format without long
 * names). Knows nothing of what the members hold.
 */
import { open } from 'node:fs/promises';
import { DataError } from '../data-error.ts';

export interface ArMember {
  readonly name: string;
  /** Where its bytes begin in the archive, and how many they are. */
  readonly start: number;
  readonly size: number;
}

const MAGIC = '!<arch>\n';
const HEADER = 60;

/** @throws {DataError} if the file is not such an archive or is cut off */
export async function arMembers(path: string): Promise<ArMember[]> {
  const file = await open(path);
  try {
    const { size: total } = await file.stat();
    const text = async (position: number, length: number): Promise<string> => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
      return buffer.toString('latin1', 0, bytesRead);
    };
    if ((await text(0, MAGIC.length)) !== MAGIC)
      throw new DataError(`${path}: expected an ar archive, got another file`);
    const members: ArMember[] = [];
    let position = MAGIC.length;
    while (position < total) {
      const header = await text(position, HEADER);
      const digits = header.slice(48, 58).trimEnd();
      const member = { name: header.slice(0, 16).trimEnd().replace(/\/$/, ''), start: position + HEADER };
      const size = Number(digits);
      if (!header.endsWith('`\n') || !/^\d+$/.test(digits)) {
        throw new DataError(`${path}: not an ar archive: expected the header of a member at byte ${position}`);
      }
      if (member.start + size > total) throw new DataError(`${path}: the member ${member.name} is cut off`);
      members.push({ ...member, size });
      // Members begin at even places.
      position = member.start + size + (size % 2);
    }
    return members;
  } finally {
    await file.close();
  }
}
