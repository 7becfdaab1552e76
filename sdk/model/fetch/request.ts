import { setTimeout as wait } from "node:timers/promises";
import { ModelError } from "../errors.ts";

/** How servers are asked. */
export interface Access {
  /** The hub, or a mirror of it, without a slash at the end. */
  readonly endpoint: string;
  /** Shown to the endpoint only, never to where it redirects. */
  readonly token: string | null;
  /** The wait before the second attempt; it doubles with each. */
  readonly retrySeconds: number;
  readonly signal?: AbortSignal | undefined;
}

const attemptsCount = 5;
const longestWaitSeconds = 60;

/** What a socket says when the way to the server is missing, not when the server fails. */
const offlineCodes = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/** The error of a connection that was not made, or that broke. */
function connectionError(error: unknown, url: string): unknown {
  if (!(error instanceof TypeError)) return error;
  const { host } = new URL(url);
  const { code = "", message = error.message } = (error.cause ?? {}) as Partial<NodeJS.ErrnoException>;
  const facts = { url, errno: code };
  return offlineCodes.has(code)
    ? new ModelError("offline", `${host} cannot be reached: ${message || code}.`, { facts, cause: error })
    : new ModelError("remote-failed", `The connection to ${host} broke: ${message || code}. Call again to go on.`, {
        facts: { ...facts, isTransient: true },
        cause: error,
      });
}

function retryAfterSecondsOf(response: Response): number | null {
  const text = response.headers.get("retry-after");
  if (text === null) return null;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

function deniedError(response: Response, url: string): ModelError {
  const facts = { url, status: response.status };
  if (response.headers.get("x-error-code") === "RepoNotFound") return absentError(facts);
  const message = `${url} is given only to those who may have it (answer ${response.status}). Accept its terms on its page, make a token that may read it, and set HF_TOKEN (from code: the option token).`;
  return new ModelError("gated", message, { facts });
}

function absentError(facts: { readonly url: string; readonly status: number }): ModelError {
  const message = `${facts.url} does not exist, or is private (answer ${facts.status}). Check owner, name and file; for a private one set HF_TOKEN.`;
  return new ModelError("no-such-model", message, { facts });
}

function answerError(response: Response, url: string): ModelError {
  const { status } = response;
  if (status === 401 || status === 403) return deniedError(response, url);
  if (status === 404 || status === 410) return absentError({ url, status });
  const isTransient = status === 408 || status === 429 || status >= 500;
  const retryAfterSeconds = retryAfterSecondsOf(response);
  const when = retryAfterSeconds === null ? "later" : `in ${Math.ceil(retryAfterSeconds)} s`;
  const message = `${url} answers ${status} ${response.statusText}. Call again ${when}; what was received is kept.`;
  return new ModelError("remote-failed", message, { facts: { url, status, isTransient, retryAfterSeconds } });
}

/**
 * The answer of a server, with its body unread.
 * @throws {ModelError} `offline`, `remote-failed`, `gated` or `no-such-model`
 */
export async function ask(url: string, access: Access, headers: Record<string, string> = {}): Promise<Response> {
  const isOwn = access.token !== null && new URL(url).origin === new URL(access.endpoint).origin;
  const authorization = isOwn ? { authorization: `Bearer ${access.token}` } : {};
  const init = { headers: { ...headers, ...authorization, "accept-encoding": "identity" } };
  const signal = access.signal === undefined ? {} : { signal: access.signal };
  const response = await fetch(url, { ...init, ...signal }).catch((error: unknown) => {
    throw connectionError(error, url);
  });
  if (response.ok) return response;
  await response.body?.cancel();
  throw answerError(response, url);
}

/**
 * The pieces of an answer's body.
 * @throws {ModelError} `remote-failed` when the connection breaks
 */
export async function* piecesOf(response: Response, url: string): AsyncGenerator<Uint8Array> {
  try {
    if (response.body !== null) yield* response.body;
  } catch (error) {
    throw connectionError(error, url);
  }
}

/** The wait before the next attempt; null when there should be none. */
function waitSecondsOf(error: unknown, failuresCount: number, { retrySeconds }: Access): number | null {
  if (!(error instanceof ModelError) || error.facts["isTransient"] !== true) return null;
  if (failuresCount >= attemptsCount) return null;
  const asked = error.facts["retryAfterSeconds"];
  const seconds = typeof asked === "number" ? asked : retrySeconds * 2 ** (failuresCount - 1);
  return seconds <= longestWaitSeconds ? seconds : null;
}

/**
 * What `attempt` gives, tried again while it fails for a reason that passes; after one that got on, all attempts are left.
 * @throws what the last attempt throws
 */
export async function persist<Result>(
  attempt: () => Promise<Result>,
  access: Access,
  hasProgressed = () => false,
): Promise<Result> {
  for (let failuresCount = 1; ; failuresCount++) {
    try {
      return await attempt();
    } catch (error) {
      if (hasProgressed()) failuresCount = 1;
      const seconds = waitSecondsOf(error, failuresCount, access);
      if (seconds === null) throw error;
      await wait(seconds * 1000, undefined, access.signal === undefined ? {} : { signal: access.signal });
    }
  }
}
