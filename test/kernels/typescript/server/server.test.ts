import { Dealer } from "zeromq";
import { expect, test } from "vitest";
import { addressOf } from "../../../../kernels/typescript/protocol/connection.ts";
import { messageOf, type Message } from "../../../../kernels/typescript/protocol/messages.ts";
import { encode } from "../../../../kernels/typescript/protocol/wire.ts";
import { failing, startScriptedKernel } from "./scriptedKernel.ts";

const typesOf = (output: readonly Message[]) => output.map(({ header }) => header.msg_type);
const contentsOf = (output: readonly Message[], type: string) =>
  output.filter(({ header }) => header.msg_type === type).map(({ content }) => content);

test("a cell is shown, run, answered and framed by busy and idle", async () => {
  await using kernel = await startScriptedKernel({
    "1 + 1": async (stage) => {
      await stage.emit({ kind: "result", data: { "text/plain": "2" }, metadata: {} });
      return undefined;
    },
  });
  const { reply, output } = await kernel.run("1 + 1", { expressions: { seven: "7" } });
  expect(typesOf(output)).toEqual(["status", "execute_input", "execute_result", "status"]);
  expect(output[2]!.content).toEqual({ data: { "text/plain": "2" }, metadata: {}, execution_count: 1 });
  const seven = { status: "ok", data: { "text/plain": "7" }, metadata: {} };
  expect(reply).toEqual({ status: "ok", execution_count: 1, payload: [], user_expressions: { seven } });
});

test("a silent cell shows nothing and does not count; one without history counts as the next", async () => {
  await using kernel = await startScriptedKernel({ bad: () => Promise.resolve(failing("Bad")) });
  expect(typesOf((await kernel.run("bad", { isSilent: true })).output)).toEqual(["status", "status"]);
  expect((await kernel.run("a", { storesHistory: false })).reply["execution_count"]).toBe(1);
  expect((await kernel.run("b")).reply["execution_count"]).toBe(1);
  expect((await kernel.run("c")).reply["execution_count"]).toBe(2);
  const { history } = await kernel.client.request("history_request", { hist_access_type: "tail", n: 9 });
  expect(history).toEqual([
    [1, 1, "b"],
    [1, 2, "c"],
  ]);
});

test("an error aborts what waits behind it, and nothing else", async () => {
  await using kernel = await startScriptedKernel({ bad: () => Promise.resolve(failing("Bad")) });
  const replies = await Promise.all(["bad", "a", "b"].map((code) => kernel.client.execute(code)));
  expect(replies.map(({ status }) => status)).toEqual(["error", "aborted", "aborted"]);
  expect((await kernel.client.execute("c"))["status"]).toBe("ok");
  const unstopped = await Promise.all(["bad", "a"].map((code) => kernel.client.execute(code, { stopsOnError: false })));
  expect(unstopped.map(({ status }) => status)).toEqual(["error", "ok"]);
});

test("text and displays keep their order, and text of one name is joined", async () => {
  await using kernel = await startScriptedKernel({
    show: async ({ emit }) => {
      for (const text of ["a", "b"]) await emit({ kind: "stream", name: "stdout", text });
      await emit({ kind: "display", data: { "text/plain": "x" }, metadata: {}, displayId: "d", isUpdate: false });
      await emit({ kind: "stream", name: "stdout", text: "c" });
      await emit({ kind: "remark", text: "hm" });
      await emit({ kind: "clear", wait: true });
      await emit({ kind: "display", data: { "text/plain": "y" }, metadata: {}, displayId: "d", isUpdate: true });
      return undefined;
    },
  });
  const { output } = await kernel.run("show");
  expect(output.slice(2, -1).map(({ header, content }) => [header.msg_type, content])).toEqual([
    ["stream", { name: "stdout", text: "ab" }],
    ["display_data", { data: { "text/plain": "x" }, metadata: {}, transient: { display_id: "d" } }],
    ["stream", { name: "stdout", text: "c" }],
    ["stream", { name: "stderr", text: "hm\n" }],
    ["clear_output", { wait: true }],
    ["update_display_data", { data: { "text/plain": "y" }, metadata: {}, transient: { display_id: "d" } }],
  ]);
});

test("late output has the cell that caused it as its parent", async () => {
  await using kernel = await startScriptedKernel({
    second: async ({ emitFor }) => {
      await emitFor(1, { kind: "stream", name: "stdout", text: "late" });
      return undefined;
    },
  });
  const first = await kernel.run("first");
  const second = await kernel.run("second");
  expect(contentsOf(first.output, "stream")).toEqual([{ name: "stdout", text: "late" }]);
  expect(contentsOf(second.output, "stream")).toEqual([]);
});

test("a page is handed over with the reply", async () => {
  await using kernel = await startScriptedKernel({
    help: async ({ emit }) => {
      await emit({ kind: "page", data: { "text/plain": "help" } });
      return undefined;
    },
  });
  const { reply } = await kernel.run("help");
  expect(reply["payload"]).toEqual([{ source: "page", data: { "text/plain": "help" }, start: 0 }]);
});

test("a question goes to the front end that asked for the cell, or is refused", async () => {
  await using kernel = await startScriptedKernel({
    ask: async ({ emit, answered }) => {
      const answer = answered();
      await emit({ kind: "ask", prompt: "name? " });
      await emit({ kind: "stream", name: "stdout", text: String(await answer) });
      return undefined;
    },
  });
  const answered = await kernel.run("ask", { onInput: (prompt, isPassword) => `${prompt}${isPassword} Ada` });
  expect(contentsOf(answered.output, "stream")).toEqual([{ name: "stdout", text: "name? false Ada" }]);
  const refused = await kernel.run("ask");
  expect(contentsOf(refused.output, "stream")).toEqual([{ name: "stdout", text: "null" }]);
});

test("a running cell is interrupted by a message", async () => {
  await using kernel = await startScriptedKernel({
    loop: async ({ interrupted, emit }) => {
      const stopped = interrupted();
      await emit({ kind: "stream", name: "stdout", text: "running" });
      await stopped;
      return failing("Interrupted");
    },
  });
  let sayRunning: () => void = () => undefined;
  const isRunning = new Promise<void>((resolve) => (sayRunning = resolve));
  const running = kernel.client.execute("loop", {
    onOutput({ header }) {
      if (header.msg_type === "stream") sayRunning();
    },
  });
  await isRunning;
  expect(await kernel.client.interrupt()).toEqual({ status: "ok" });
  expect((await running)["ename"]).toBe("Interrupted");
});

test("other requests are answered while a cell runs, and the kernel is then shown as busy again", async () => {
  await using kernel = await startScriptedKernel({
    wait: async ({ interrupted }) => {
      await interrupted();
      return undefined;
    },
  });
  const states: unknown[] = [];
  kernel.client.onPublished(({ content }) => states.push(content["execution_state"]));
  const running = kernel.run("wait");
  await kernel.client.request("is_complete_request", { code: "a" });
  await kernel.client.interrupt();
  await running;
  expect(states.filter((state) => state !== undefined).slice(0, 4)).toEqual(["busy", "busy", "idle", "busy"]);
  expect(states.at(-1)).toBe("idle");
});

test("positions are code points outside and UTF-16 units inside", async () => {
  await using kernel = await startScriptedKernel({});
  const completion = await kernel.client.request("complete_request", { code: "😀al", cursor_pos: 2 });
  expect(completion).toEqual({
    ...{ status: "ok", matches: ["alpha"], cursor_start: 1, cursor_end: 2 },
    metadata: { _jupyter_types_experimental: [{ text: "alpha", type: "const", start: 1, end: 2 }] },
  });
  const inspection = await kernel.client.request("inspect_request", { code: "😀al", cursor_pos: 2, detail_level: 0 });
  expect(inspection).toEqual({ status: "ok", found: true, data: { "text/plain": "😀a" }, metadata: {} });
  const nothing = await kernel.client.request("inspect_request", { code: "", cursor_pos: 0 });
  expect(nothing).toEqual({ status: "ok", found: false, data: {}, metadata: {} });
});

test("the state of code, the ports and what is unknown are told", async () => {
  await using kernel = await startScriptedKernel({});
  const { client } = kernel;
  expect(await client.request("is_complete_request", { code: "if (a) {" })).toEqual({
    status: "incomplete",
    indent: "  ",
  });
  expect(await client.request("connect_request")).toMatchObject({ status: "ok", shell_port: 1, hb_port: 5 });
  expect(await client.request("debug_request", {}, { socket: "control" })).toMatchObject({ status: "error" });
});

test("a comm of a target that nobody has registered is closed again", async () => {
  await using kernel = await startScriptedKernel({});
  const published: Message[] = [];
  kernel.client.onPublished((message) => published.push(message));
  await kernel.client.tell("comm_open", { comm_id: "c1", target_name: "none", data: {} });
  expect(contentsOf(published, "comm_close")).toEqual([{ comm_id: "c1", data: {} }]);
  expect(await kernel.client.request("comm_info_request", {})).toEqual({ status: "ok", comms: {} });
});

test("an error that nobody caught is told at once, and fails the cell if it still runs", async () => {
  const error = { name: "RangeError", message: "late", traceback: ["RangeError: late"] };
  await using kernel = await startScriptedKernel({
    own: async ({ emit }) => (await emit({ kind: "uncaught", error }), undefined),
    other: async ({ emitFor }) => (await emitFor(1, { kind: "uncaught", error }), undefined),
  });
  const own = await kernel.run("own");
  expect(own.reply).toMatchObject({ status: "error", ename: "RangeError", evalue: "late" });
  expect(contentsOf(own.output, "error")).toEqual([
    { ename: "RangeError", evalue: "late", traceback: error.traceback },
  ]);
  expect((await kernel.run("other")).reply).toMatchObject({ status: "ok" });
  expect(contentsOf(own.output, "error")).toHaveLength(2);
});

test("comms of a process that is gone are closed", async () => {
  await using kernel = await startScriptedKernel({
    open: async ({ emit }) => {
      const message = { type: "open", commId: "a", targetName: "x", data: {} } as const;
      await emit({ kind: "comm", message });
      await emit({ kind: "fresh" });
      return undefined;
    },
  });
  const { output } = await kernel.run("open");
  expect(contentsOf(output, "comm_close")).toEqual([{ comm_id: "a", data: {} }]);
  expect(await kernel.client.request("comm_info_request", {})).toEqual({ status: "ok", comms: {} });
});

test("comms that a cell opens are listed by target", async () => {
  await using kernel = await startScriptedKernel({
    open: async ({ emit }) => {
      for (const [commId, targetName] of [
        ["a", "x"],
        ["b", "y"],
      ] as const) {
        await emit({ kind: "comm", message: { type: "open", commId, targetName, data: { n: 1 } } });
      }
      return undefined;
    },
  });
  const { output } = await kernel.run("open");
  expect(contentsOf(output, "comm_open")[0]).toEqual({ comm_id: "a", target_name: "x", data: { n: 1 } });
  const { comms } = await kernel.client.request("comm_info_request", { target_name: "y" });
  expect(comms).toEqual({ b: { target_name: "y" } });
});

test("frames that mean nothing are dropped with a sentence each, and the kernel goes on", async () => {
  await using kernel = await startScriptedKernel({});
  const socket = new Dealer({ linger: 0 });
  socket.connect(addressOf(kernel.connection, "shell"));
  await socket.send([Buffer.from([0xff, 0xfe])]);
  await socket.send(encode(messageOf({ type: "execute_request", content: { code: "a" } }), "wrong key"));
  await socket.send(Buffer.alloc(100_000_000, "x"));
  await expect.poll(() => kernel.faults.length, { timeout: 10_000 }).toBe(3);
  expect(kernel.faults[1]).toContain("not signed");
  expect((await kernel.run("a")).reply["execution_count"]).toBe(1);
  socket.close();
});

test("a cell of more than ten million characters is refused", async () => {
  await using kernel = await startScriptedKernel({});
  const { reply } = await kernel.run("/".repeat(10_000_001));
  expect(reply).toMatchObject({ status: "error", ename: "RangeError" });
});

test("a front end that asks for the end gets its reply and ends the server", async () => {
  await using kernel = await startScriptedKernel({});
  const reply = await kernel.client.request("shutdown_request", { restart: true }, { socket: "control" });
  expect(reply).toEqual({ status: "ok", restart: true });
  await kernel.server.ended;
});
