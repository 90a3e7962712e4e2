/** Makes archives in memory, good ones and such as nobody should unpack. */
import { Buffer } from 'node:buffer';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';

export type TarEntry = Partial<Header> & Pick<Header, 'name'> & { readonly content?: string | Buffer };

export async function tar(entries: readonly TarEntry[]): Promise<Buffer> {
  const archive = pack();
  for (const { content, ...header } of entries) archive.entry(header, content ?? '');
  archive.finalize();
  // Its stream is read like one of Node's.
  return buffer(archive as AsyncIterable<Buffer>);
}

/** An `ar` archive by the layout of ar(5). */
export function ar(members: readonly (readonly [name: string, content: Buffer])[]): Buffer {
  const parts = members.flatMap(([name, content]) => [
    Buffer.from(
      `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}` +
        `${String(content.length).padEnd(10)}\`\n`,
    ),
    content,
    Buffer.from(content.length % 2 === 0 ? '' : '\n'),
  ]);
  return Buffer.concat([Buffer.from('!<arch>\n'), ...parts]);
}

/** A Debian package with these files, compressed by gzip. */
export async function debianPackage(entries: readonly TarEntry[]): Promise<Buffer> {
  const control = gzipSync(await tar([{ name: './control', content: 'Package: tiny\n' }]));
  return ar([
    ['debian-binary', Buffer.from('2.0\n')],
    ['control.tar.gz', control],
    ['data.tar.gz', gzipSync(await tar(entries))],
  ]);
}
