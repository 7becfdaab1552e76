import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fetchModel, type FetchRequest } from "../../../sdk/model/fetch/fetchModel.ts";
import { readModel } from "../../../sdk/model/reading.ts";
import { codeOf, temporaryFolder } from "../fixtures.ts";
import type { Hub } from "./hub.ts";
import { giveRange, modelBytes, sha256Of, startHub } from "./hub.ts";

const bytes = modelBytes();
const name = "tiny-Q4_0.gguf";

/** Some parts of the file, so that several connections have work. */
const partBytes = 16_384;

function request(hub: Hub, options: Partial<FetchRequest> = {}): FetchRequest {
  const { endpoint } = hub;
  return { source: "hf:maker/tiny", endpoint, folder: temporaryFolder(), partBytes, retrySeconds: 0, ...options };
}

/** Cuts the connection in the middle of the answer. */
function cut(asked: IncomingMessage, response: ServerResponse): void {
  const [, first, last] = /bytes=(\d+)-(\d+)/.exec(asked.headers.range ?? "") ?? [];
  const range = `bytes ${first}-${last}/${bytes.length}`;
  const length = Number(last) - Number(first) + 1;
  response.writeHead(206, { "content-length": length, "content-range": range, etag: '"one"' });
  response.write(bytes.subarray(Number(first), Number(first) + Math.floor(length / 2)), () => response.destroy());
}

const isProbe = ({ headers }: IncomingMessage) => headers.range === "bytes=0-0";

test("a model is fetched in parts over several connections, checked, and named when it is whole", async () => {
  const hub = await startHub({ [name]: bytes });
  const seen: number[] = [];
  const asked = request(hub, { onProgress: ({ receivedBytes }) => seen.push(receivedBytes) });
  const fetched = await fetchModel(asked);
  expect(fetched).toEqual({
    source: "hf:maker/tiny",
    path: join(asked.folder, name),
    files: [{ path: join(asked.folder, name), sha256: sha256Of(bytes), isVerified: true }],
  });
  expect(readFileSync(fetched.path).equals(bytes)).toBe(true);
  expect(readdirSync(asked.folder)).toEqual([name]);
  expect(hub.asked).toHaveLength(1 + Math.ceil(bytes.length / partBytes));
  expect(seen.at(-1)).toBe(bytes.length);
  expect((await readModel(fetched.path)).fileBytes).toBe(bytes.length);
});

test("what is there already is not fetched again, and another file of its name is not replaced", async () => {
  const hub = await startHub({ [name]: bytes });
  const asked = request(hub);
  await fetchModel(asked);
  const countBefore = hub.asked.length;
  await fetchModel(asked);
  expect(hub.asked).toHaveLength(countBefore);
  writeFileSync(join(asked.folder, name), "mine");
  expect(await codeOf(fetchModel(asked))).toBe("path-taken");
  expect(readFileSync(join(asked.folder, name), "utf8")).toBe("mine");
});

test("all files of a split model are fetched, and the first is the one to load", async () => {
  const shard = (number: number) => `Q8_0/big-0000${number}-of-00002.gguf`;
  const hub = await startHub({ [shard(2)]: modelBytes(2), [shard(1)]: bytes });
  const { path, files } = await fetchModel(request(hub, { source: "hf:maker/tiny:q8_0" }));
  expect(path).toMatch(/big-00001-of-00002\.gguf$/);
  expect(files).toHaveLength(2);
  hub.files = new Map([[shard(1), bytes]]);
  expect(await codeOf(fetchModel(request(hub)))).toBe("missing-shard");
});

describe("a download that is cut", () => {
  test("goes on where it was, by itself", async () => {
    const hub = await startHub({ [name]: bytes });
    const cutAt = new Set([0, partBytes, 3 * partBytes]);
    hub.mischief = (asked, response) => {
      const first = Number(/bytes=(\d+)/.exec(asked.headers.range ?? "")?.[1]);
      const isCut = !isProbe(asked) && cutAt.delete(first);
      if (isCut) cut(asked, response);
      return isCut;
    };
    const { path } = await fetchModel(request(hub));
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(hub.asked.filter(({ range }) => range === `bytes=0-${partBytes - 1}`)).toHaveLength(1);
  });

  test("at half of its bytes and given up goes on from there at the next call", async () => {
    const hub = await startHub({ [name]: bytes });
    const asked = request(hub, { connectionsCount: 1 });
    hub.mischief = (one, response) => {
      const first = Number(/bytes=(\d+)/.exec(one.headers.range ?? "")?.[1]);
      if (first >= bytes.length / 2) response.destroy();
      return first >= bytes.length / 2;
    };
    expect(await codeOf(fetchModel(asked))).toBe("remote-failed");
    expect(existsSync(join(asked.folder, name))).toBe(false);
    hub.mischief = () => false;
    hub.asked.length = 0;
    const { path } = await fetchModel(asked);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(hub.asked).toHaveLength(1 + Math.floor(bytes.length / partBytes / 2));
  });

  test("by the caller is kept, said to be, and goes on at the next call", async () => {
    const hub = await startHub({ [name]: bytes });
    const stop = new AbortController();
    const onProgress = ({ receivedBytes }: { receivedBytes: number }) => {
      if (receivedBytes > bytes.length / 2) stop.abort();
    };
    const asked = request(hub, { connectionsCount: 2 });
    const stopped = fetchModel({ ...asked, signal: stop.signal, onProgress });
    await expect(stopped).rejects.toMatchObject({
      code: "aborted",
      message: expect.stringContaining("are kept in") as string,
    });
    const firstCount = hub.asked.length;
    const { path } = await fetchModel(asked);
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(hub.asked.length - firstCount).toBeLessThan(firstCount);
    const before = AbortSignal.abort();
    expect(await codeOf(fetchModel(request(hub, { signal: before })))).toBe("aborted");
  });

  test("and changed on the server meanwhile begins anew", async () => {
    const hub = await startHub({ [name]: bytes });
    const asked = request(hub, { connectionsCount: 1 });
    const changed = modelBytes(3);
    hub.mischief = (one) => {
      if (!one.headers.range?.startsWith(`bytes=${2 * partBytes}-`)) return false;
      hub.files = new Map([[name, changed]]);
      hub.etag = '"two"';
      return false;
    };
    // The hash was stated before the change, so that what comes of it is refused.
    expect(await codeOf(fetchModel(asked))).toBe("wrong-hash");
    const { path } = await fetchModel(asked);
    expect(readFileSync(path).equals(changed)).toBe(true);
  });

  test("with a changing server is given up, and nothing is kept", async () => {
    const hub = await startHub({ [name]: bytes });
    let version = 0;
    hub.mischief = (one, response) => {
      const range = one.headers.range ?? "";
      giveRange({ headers: { range } }, response, { bytes, etag: `"${version++}"` });
      return true;
    };
    const asked = request(hub);
    expect(await codeOf(fetchModel(asked))).toBe("remote-changed");
    expect(readdirSync(asked.folder)).toEqual([]);
  });
});

test("bytes with another hash are removed", async () => {
  const hub = await startHub({ [name]: bytes });
  hub.mischief = (one, response) => {
    giveRange(one, response, { bytes: modelBytes(5), etag: '"one"' });
    return true;
  };
  const asked = request(hub);
  await expect(fetchModel(asked)).rejects.toMatchObject({ code: "wrong-hash", facts: { needed: sha256Of(bytes) } });
  expect(readdirSync(asked.folder)).toEqual([]);
});

test("a server that gives no parts is read from the beginning, again after a cut", async () => {
  const hub = await startHub({ [name]: bytes });
  let count = 0;
  hub.mischief = (_, response) => {
    response.writeHead(200, { "content-length": bytes.length, etag: '"one"' });
    if (count++ === 1) response.write(bytes.subarray(0, 5000), () => response.destroy());
    else response.end(bytes);
    return true;
  };
  const { path } = await fetchModel(request(hub));
  expect(count).toBe(3);
  expect(readFileSync(path).equals(bytes)).toBe(true);
});

describe("a server that answers", () => {
  const answering = async (status: number, headers: Record<string, string> = {}, times = Infinity) => {
    const hub = await startHub({ [name]: bytes });
    let left = times;
    hub.mischief = (_, response) => {
      if (left-- <= 0) return false;
      response.writeHead(status, headers).end();
      return true;
    };
    return hub;
  };

  test.for([429, 503, 500])("%i is asked again, when it says", async (status) => {
    const hub = await answering(status, { "retry-after": "0" }, 3);
    expect((await fetchModel(request(hub, { retrySeconds: 1000 }))).files).toHaveLength(1);
  });

  test("503 for ever is given up", async () => {
    const hub = await answering(503);
    expect(await codeOf(fetchModel(request(hub)))).toBe("remote-failed");
    expect(hub.asked).toHaveLength(5);
  });

  test("429 with a long wait is told at once", async () => {
    const hub = await answering(429, { "retry-after": "3600" });
    await expect(fetchModel(request(hub))).rejects.toThrow("in 3600 s");
    expect(hub.asked).toHaveLength(1);
  });

  test.for([
    [401, {}, "gated"],
    [403, { "x-error-code": "GatedRepo" }, "gated"],
    [401, { "x-error-code": "RepoNotFound" }, "no-such-model"],
    [404, {}, "no-such-model"],
    [416, {}, "remote-failed"],
  ] as const)("%i %j is told as %s", async ([status, headers, code]) => {
    expect(await codeOf(fetchModel(request(await answering(status, headers))))).toBe(code);
  });

  test("something else than a model is refused", async () => {
    const page = Buffer.from("<html>Please log in</html>");
    const hub = await startHub({ [name]: page });
    const asked = request(hub);
    expect(await codeOf(fetchModel(asked))).toBe("not-gguf");
    expect(readdirSync(asked.folder)).toEqual([]);
  });
});

test("a token is shown to the hub, not to where it redirects", async () => {
  const hub = await startHub({ [name]: bytes });
  await fetchModel(request(hub, { token: "secret" }));
  expect(new Set(hub.lists.map(({ token }) => token))).toEqual(new Set(["Bearer secret"]));
  expect(new Set(hub.asked.map(({ token }) => token))).toEqual(new Set([undefined]));
});

test("a file of an address is compared with the hash that the caller states", async () => {
  const hub = await startHub({ [name]: bytes });
  const source = `${hub.endpoint}/maker/tiny/resolve/c0ffee/${name}`;
  const sha256 = sha256Of(bytes).toUpperCase();
  expect((await fetchModel(request(hub, { source, sha256 }))).files[0]?.isVerified).toBe(true);
  expect((await fetchModel(request(hub, { source }))).files[0]?.isVerified).toBe(false);
  expect(await codeOf(fetchModel(request(hub, { source, sha256: "0".repeat(64) })))).toBe("wrong-hash");
});

test("without a network the error says where to copy the file to", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const folder = temporaryFolder();
  const absent = fetchModel({ source: "hf:maker/tiny", endpoint: `http://127.0.0.1:${port}`, folder });
  await expect(absent).rejects.toMatchObject({
    code: "offline",
    message: expect.stringContaining(`to ${folder}`) as string,
  });
});

test("two downloads of one file at once are refused", async () => {
  const hub = await startHub({ [name]: bytes });
  const asked = request(hub);
  const outcomes = await Promise.allSettled([fetchModel(asked), fetchModel(asked)]);
  const failed = outcomes.find(({ status }) => status === "rejected") as PromiseRejectedResult;
  expect(failed.reason).toMatchObject({ code: "already-writing" });
  expect(readFileSync(join(asked.folder, name)).equals(bytes)).toBe(true);
});

test("a torn note of what was kept begins anew", async () => {
  const hub = await startHub({ [name]: bytes });
  const asked = request(hub);
  mkdirSync(asked.folder, { recursive: true });
  writeFileSync(join(asked.folder, `.${name}.download.json`), "{}");
  expect((await fetchModel(asked)).files).toHaveLength(1);
});
