/** A server of files on this machine that can misbehave in every way that is asked of it. */
import type { Buffer } from 'node:buffer';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FileServer {
  readonly url: string;
  /** What was asked for, in order: `GET /path` and the range, if any. */
  readonly requests: string[];
  close(): Promise<void>;
}

export type Answer = (headers: IncomingHttpHeaders, response: ServerResponse) => void;

export interface Behaviour {
  readonly etag?: string;
  /** Breaks the connection after so many bytes of each answer. */
  readonly cutAfter?: number;
  readonly ignoreRange?: boolean;
  /** Sends no length, in pieces. */
  readonly chunked?: boolean;
}

/** Answers as a server of files does (RFC 9110, section 14), or as `behaviour` says. */
export function file(content: Buffer, behaviour: Behaviour = {}): Answer {
  return ({ range, 'if-range': ifRange }, response) => {
    const { etag, cutAfter, ignoreRange, chunked } = behaviour;
    const asked = /^bytes=(\d+)-$/.exec(range ?? '')?.[1];
    const isRange = asked !== undefined && !ignoreRange && (ifRange === undefined || ifRange === etag);
    const start = isRange ? Number(asked) : 0;
    if (etag !== undefined) response.setHeader('etag', etag);
    if (start >= content.length && isRange) {
      response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
      return;
    }
    const body = content.subarray(start);
    if (isRange) {
      response.statusCode = 206;
      response.setHeader('content-range', `bytes ${start}-${content.length - 1}/${content.length}`);
    }
    if (!chunked) response.setHeader('content-length', body.length);
    // Without a length of ours, ending with the first bytes would give one.
    if (chunked) response.write(body.subarray(0, 1), () => response.end(body.subarray(1)));
    else if (cutAfter === undefined || cutAfter >= body.length) response.end(body);
    else response.write(body.subarray(0, cutAfter), () => setTimeout(() => response.destroy(), 20));
  };
}

export function status(code: number): Answer {
  return (_headers, response) => {
    response.writeHead(code).end('no such file, says the server');
  };
}

/** Each path answers with its list in turn, the last for ever; any other path is not found. */
export async function serve(paths: Readonly<Record<string, Answer | readonly Answer[]>>): Promise<FileServer> {
  const requests: string[] = [];
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? '');
    requests.push(`${request.method} ${path}${request.headers.range ? ` ${request.headers.range}` : ''}`);
    const answers = [paths[path] ?? status(404)].flat();
    const count = counts.get(path) ?? 0;
    counts.set(path, count + 1);
    answers[Math.min(count, answers.length - 1)]?.(request.headers, response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
