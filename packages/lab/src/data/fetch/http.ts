/** Requests of files and what their failures mean. Knows no file system and no data set. */
import { setTimeout as pause } from 'node:timers/promises';

/** This address will not give the file: the next one may. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/** The connection ended too early: trying again may help. */
export class CutOff extends Error {
  override readonly name = 'CutOff';
}

/** The version of the file that the server named last. */
export interface Etag {
  value?: string;
}

/** How often an address is tried in a row without success. */
export const TRIES = 4;
/** Milliseconds without a byte after which a connection counts as cut. */
const IDLE = 30_000;

export interface FileRequest {
  /** Bytes that are here already. */
  readonly have: number;
  /** Bytes of the whole file. */
  readonly bytes: number;
  /** Kept between requests of one file. */
  readonly etag: Etag;
  readonly signal: AbortSignal;
}

export interface FileResponse {
  /** Missing when what is here is not the beginning of what the server has. */
  readonly body: AsyncIterable<Uint8Array> | undefined;
  /** Where in the file the body begins: at what we have, or at 0 when the server knows no ranges. */
  readonly start: number;
}

/**
 * Asks for the rest of a file.
 *
 * @throws {Refused} @throws {CutOff}
 */
export async function request(url: string, { have, bytes, etag, signal }: FileRequest): Promise<FileResponse> {
  // Without this the bytes may come compressed once more, and their ranges and sizes mean something else.
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (have > 0) headers.range = `bytes=${have}-`;
  // A weak tag must not be used so (RFC 9110, section 13.1.5).
  if (have > 0 && etag.value?.startsWith('"')) headers['if-range'] = etag.value;
  const response = await send(url, headers, signal);
  const tag = response.headers.get('etag') ?? undefined;
  const isOther = have > 0 && etag.value !== undefined && tag !== etag.value;
  if (tag === undefined) delete etag.value;
  else etag.value = tag;
  if (response.status === 416 && have > 0) return { body: await dropped(response), start: 0 };
  if (response.status === 206) {
    const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '') ?? [];
    const fits = Number(start) === have && (total === '*' || Number(total) === bytes);
    if (isOther || !fits) return { body: await dropped(response), start: 0 };
    return { body: bodyOf(response), start: have };
  }
  if (response.status === 200) {
    const length = response.headers.get('content-length');
    if (length !== null && Number(length) !== bytes) {
      await dropped(response);
      throw new Refused(`expected a file of ${bytes} bytes, the server offers ${length}`);
    }
    return { body: bodyOf(response), start: 0 };
  }
  await dropped(response);
  const status = `${response.status} ${response.statusText}`.trim();
  if (response.status >= 500 || response.status === 429 || response.status === 408) throw new CutOff(status);
  throw new Refused(status);
}

/**
 * A small text whose size is not known.
 *
 * @param limit the most bytes it may have
 * @throws {Refused}
 */
export async function requestText(
  url: string,
  {
    limit,
    signal,
    pause: wait = 500,
    idle,
  }: {
    readonly limit: number;
    readonly signal?: AbortSignal | undefined;
    readonly pause?: number | undefined;
    readonly idle?: number | undefined;
  },
): Promise<string> {
  for (let failed = 1; ; failed += 1) {
    try {
      return await withIdleLimit(idle, signal, async (connection) => {
        const response = await send(url, {}, connection.signal);
        const status = `${response.status} ${response.statusText}`.trim();
        if (response.status >= 500) throw new CutOff(status);
        if (response.status !== 200) throw new Refused(status);
        const chunks: Uint8Array[] = [];
        let bytes = 0;
        for await (const chunk of bodyOf(response)) {
          connection.alive();
          bytes += chunk.length;
          if (bytes > limit) throw new Refused(`sends more than ${limit} bytes where a small text was expected`);
          chunks.push(chunk);
        }
        return Buffer.concat(chunks).toString('utf8');
      });
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (!(error instanceof CutOff)) throw error;
      if (failed >= TRIES) throw new Refused(`${error.message}, after ${TRIES} tries`);
      await pause(wait * 2 ** failed, undefined, signal ? { signal } : {});
    }
  }
}

/** A connection that is cut when nothing has come for a while. */
export interface Connection {
  readonly signal: AbortSignal;
  /** Something came. */
  alive(): void;
}

/** Carries out `action`, and ends its connection with `CutOff` when it has not been `alive` for so many milliseconds. */
export async function withIdleLimit<Result>(
  idle: number = IDLE,
  signal: AbortSignal | undefined,
  action: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const silence = new AbortController();
  const timer = setTimeout(() => {
    silence.abort(new CutOff(`nothing came for ${idle / 1000} s`));
  }, idle);
  try {
    return await action({
      signal: signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]),
      alive: () => {
        timer.refresh();
      },
    });
  } catch (error) {
    throw silence.signal.aborted ? silence.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

/** Why a file could not be had from any address, and what to do. */
export function explainFailure(
  title: string,
  failures: readonly { readonly url: string; readonly reason: string }[],
  isPartKept: boolean,
): string {
  const reasons = failures.map(({ reason }) => reason).join('\n');
  const advice = [
    /ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ECONNREFUSED|TIMEDOUT|TIMEOUT/.test(reasons)
      ? 'Is this machine online? Behind a proxy set HTTPS_PROXY and NODE_USE_ENV_PROXY=1.'
      : '',
    /CERT|SSL|TLS/.test(reasons)
      ? "For certificates of one's own set NODE_EXTRA_CA_CERTS or NODE_USE_SYSTEM_CA=1."
      : '',
    isPartKept ? 'What has come is kept: the same command goes on from there.' : '',
    'Another place of the same files can be given with --mirror URL.',
  ];
  return [
    `${title} could not be fetched:`,
    ...failures.map(({ url, reason }) => `  ${url}\n    ${reason}`),
    advice.filter((line) => line !== '').join(' '),
  ].join('\n');
}

async function send(url: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(url, { headers, signal });
  } catch (error) {
    throw connectionError(error);
  }
}

async function* bodyOf(response: Response): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  try {
    // The type of the web platform lacks what Node's streams have.
    yield* response.body as unknown as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw connectionError(error);
  }
}

async function dropped(response: Response): Promise<undefined> {
  await response.body?.cancel();
  return undefined;
}

/** What `fetch` throws hides its cause one or two layers down. */
function connectionError(error: unknown): Refused | CutOff {
  const reasons: string[] = [];
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code, message } = at as NodeJS.ErrnoException;
    const first = at instanceof AggregateError ? (at.errors[0] as Error | undefined)?.message : undefined;
    const text = [first ?? message, code].filter(
      (part) => part !== undefined && part !== '' && part !== 'fetch failed',
    );
    if (text.length > 0)
      reasons.push(text.length === 2 && text[0]?.includes(text[1] as string) ? `${text[0]}` : text.join(', '));
  }
  const reason = reasons.at(-1) ?? String(error);
  // A host that does not exist or listen, or cannot prove who it is, will not in a second either.
  const isFinal = /ENOTFOUND|ECONNREFUSED|CERT|ERR_TLS|ERR_SSL|ENETUNREACH|EHOSTUNREACH|ERR_INVALID_URL/.test(reason);
  return isFinal ? new Refused(reason, { cause: error }) : new CutOff(reason, { cause: error });
}
