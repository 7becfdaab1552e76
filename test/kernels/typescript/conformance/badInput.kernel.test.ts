import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Dealer } from "zeromq";
import { addressOf, formatConnection, type Connection } from "../../../../kernels/typescript/protocol/connection.ts";
import { messageOf } from "../../../../kernels/typescript/protocol/messages.ts";
import { encode } from "../../../../kernels/typescript/protocol/wire.ts";
import { contentsOf, kernelProgram, startBuiltKernel, streamOf, type TestKernel } from "./builtKernel.ts";

const scratch = mkdtempSync(join(tmpdir(), "numalab-bad-"));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** Starts the kernel where it cannot start. */
function startWith(...words: string[]) {
  const { status, stderr } = spawnSync(process.execPath, [kernelProgram, ...words], {
    encoding: "utf8",
    timeout: 20_000,
  });
  return { status, stderr };
}

function connectionFile(text: string): string {
  const path = join(scratch, "connection.json");
  writeFileSync(path, text);
  return path;
}

describe("a kernel that cannot start says why and ends", () => {
  test("without a connection file", () => {
    expect(startWith()).toMatchObject({ status: 1, stderr: expect.stringContaining("Usage:") as string });
    const { status, stderr } = startWith("/nowhere/connection.json");
    expect(status).toBe(1);
    expect(stderr).toMatch(/^numalab kernel: The connection file \/nowhere\/connection\.json cannot be read.*\n$/);
  });

  test("with a malformed connection file", () => {
    const { status, stderr } = startWith(connectionFile('{"ip": '));
    expect([status, stderr]).toEqual([1, expect.stringMatching(/is no connection file: .*JSON/)]);
  });

  test("with a port in use", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const ports = { shell: port, control: port, stdin: port, iopub: port, hb: port };
    const { status, stderr } = startWith(
      connectionFile(formatConnection({ transport: "tcp", ip: "127.0.0.1", key: "", ports })),
    );
    expect([status, stderr]).toEqual([1, expect.stringMatching(/cannot listen at tcp:.*in use/)]);
    server.close();
  });

  test("with a node that is no number", () => {
    const { status, stderr } = startWith(connectionFile("{}"), "--node", "first");
    expect([status, stderr]).toEqual([1, expect.stringContaining("--node takes the number of a node")]);
  });
});

describe("a kernel that gets bad messages", () => {
  let kernel: TestKernel;
  beforeAll(async () => {
    kernel = await startBuiltKernel();
  });
  afterAll(() => kernel[Symbol.asyncDispose]());

  async function send(connection: Connection, frames: readonly Uint8Array[]): Promise<void> {
    const socket = new Dealer({ linger: 10_000 });
    socket.connect(addressOf(connection, "shell"));
    await socket.send([...frames]);
    socket.close();
  }
  const request = (code: string) => messageOf({ type: "execute_request", content: { code, stop_on_error: false } });

  test("lives through garbage, another key and a hundred megabytes", async () => {
    await send(kernel.connection, [Buffer.from([0xff, 0x00]), Buffer.from("<IDS|MSG>")]);
    await send(kernel.connection, encode(request("process.exit(1)"), "another key"));
    await send(kernel.connection, [Buffer.alloc(100_000_000, 0x61)]);
    const refused = new Promise<unknown>((resolve) => {
      kernel.client.onPublished(({ header, content }) => {
        if (header.msg_type === "error") resolve(content["evalue"]);
      });
    });
    await send(kernel.connection, encode(request(" ".repeat(100_000_000)), kernel.connection.key));
    expect(await refused).toContain("100000000 characters");
    expect((await kernel.run("1 + 1")).reply).toMatchObject({ status: "ok" });
  });

  test("runs a cell with a NUL, one of comments, one of blanks, and one of 10,000 lines", async () => {
    const nul = await kernel.run('const text = "a\0b"; text.length');
    expect(contentsOf(nul.output, "execute_result")).toMatchObject([{ data: { "text/plain": "3" } }]);
    for (const code of ["// nothing\n/* more */", "", " \n\t\n"]) {
      const { reply, output } = await kernel.run(code);
      expect([reply["status"], contentsOf(output, "execute_result")]).toEqual(["ok", []]);
    }
    const long = await kernel.run(`let sum = 0;\n${"sum += 1;\n".repeat(10_000)}sum`);
    expect(contentsOf(long.output, "execute_result")).toMatchObject([{ data: { "text/plain": "10000" } }]);
  });

  test("shows text that is no UTF-8, and halves of surrogate pairs, without losing the rest", async () => {
    const { output } = await kernel.run("process.stdout.write(Buffer.from([0x61, 0xff, 0x62]));\n'\\ud83d'");
    expect(streamOf(output, "stdout")).toBe("a\uFFFDb");
    expect(JSON.stringify(contentsOf(output, "execute_result"))).not.toMatch(/[^\\]\\ud83d/);
  });
});
