import { createHash } from "node:crypto";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { ggufBytes, leastMetadata, entries, tensor } from "../fixtures.ts";

/** What a test lets the server do with a request for a file; false when it answers as usual. */
export type Mischief = (request: IncomingMessage, response: ServerResponse, bytes: Buffer) => boolean;

/** A hub of one repository, `maker/tiny`, which gives files by a redirect to another port. */
export interface Hub {
  readonly endpoint: string;
  /** The requests for the bytes of files, in order. */
  readonly asked: { readonly path: string; readonly range: string | undefined; readonly token: string | undefined }[];
  readonly lists: { readonly token: string | undefined }[];
  mischief: Mischief;
  files: ReadonlyMap<string, Buffer>;
  etag: string;
}

/** A model file of about 100 kB with weights that differ from place to place. */
export function modelBytes(seed = 1): Buffer {
  const bytes = ggufBytes(entries(leastMetadata), [tensor("token_embd.weight", [64, 800], "F16")]);
  for (let at = bytes.length - 102_400; at < bytes.length; at++) bytes[at] = (at * seed * 2654435761) >>> 24;
  return bytes;
}

export const sha256Of = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

async function listen(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server: Server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers with the bytes that are asked for, or all when the file has another version than is asked for. */
export function giveRange(
  request: Pick<IncomingMessage, "headers">,
  response: ServerResponse,
  { bytes, etag }: { bytes: Buffer; etag: string },
): void {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
  const version = request.headers["if-range"];
  if (first === undefined || (version !== undefined && version !== etag)) {
    response.writeHead(200, { "content-length": bytes.length, etag });
    response.end(bytes);
    return;
  }
  const part = bytes.subarray(Number(first), Number(last) + 1);
  const range = `bytes ${first}-${Number(first) + part.length - 1}/${bytes.length}`;
  response.writeHead(206, { "content-length": part.length, "content-range": range, etag });
  response.end(part);
}

function listOf(files: ReadonlyMap<string, Buffer>): string {
  const siblings = [...files].map(([rfilename, bytes]) => ({ rfilename, lfs: { sha256: sha256Of(bytes) } }));
  return JSON.stringify({ sha: "c0ffee", siblings: [{ rfilename: "README.md" }, ...siblings] });
}

/** Starts a hub with these files; all ends with the test. */
export async function startHub(files: Readonly<Record<string, Buffer>>): Promise<Hub> {
  const hub: { -readonly [Key in keyof Hub]: Hub[Key] } = {
    endpoint: "",
    asked: [],
    lists: [],
    mischief: () => false,
    files: new Map(Object.entries(files)),
    etag: '"one"',
  };
  const store = await listen((request, response) => {
    const path = decodeURIComponent(request.url ?? "").slice(1);
    const bytes = hub.files.get(path);
    hub.asked.push({ path, range: request.headers.range, token: request.headers.authorization });
    if (bytes === undefined) response.writeHead(404).end();
    else if (!hub.mischief(request, response, bytes)) giveRange(request, response, { bytes, etag: hub.etag });
  });
  hub.endpoint = await listen((request, response) => {
    hub.lists.push({ token: request.headers.authorization });
    const file = (request.url ?? "").split("/maker/tiny/resolve/c0ffee/")[1];
    if (file !== undefined) response.writeHead(302, { location: `${store}/${file}` }).end();
    else if (request.url?.startsWith("/api/models/maker/tiny/revision/") === true) response.end(listOf(hub.files));
    else response.writeHead(404).end();
  });
  return hub;
}
