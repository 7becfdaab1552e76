// The 27 cases by which the public kernel-testbed (https://github.com/runtimed/kernel-testbed) judges kernels, in our words.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Message } from "../../../../kernels/typescript/protocol/messages.ts";
import { contentsOf, startBuiltKernel, streamOf, type TestKernel } from "./builtKernel.ts";
import { greeting } from "./greeting.ts";

let kernel: TestKernel;
const published: Message[] = [];
beforeAll(async () => {
  kernel = await startBuiltKernel();
  kernel.client.onPublished((message) => published.push(message));
});
afterAll(() => kernel[Symbol.asyncDispose]());

const request = (type: string, content = {}) => kernel.client.request(`${type}_request`, content);

describe("basic protocol", () => {
  test("heartbeat_responds", () => kernel.client.heartbeat());

  test("iopub_welcome", async () => {
    expect(await greeting(kernel.connection, "")).toMatchObject({ type: "iopub_welcome", subscription: "" });
    expect(await greeting(kernel.connection, "stream")).toMatchObject({ subscription: "stream" });
  });

  test("kernel_info_reply_valid", () => {
    expect(kernel.info["status"]).toBe("ok");
  });

  test("kernel_info_has_language_info", () => {
    expect(kernel.info["language_info"]).toMatchObject({ name: "typescript", file_extension: ".ts" });
  });

  test("kernel_info_has_protocol_version", () => {
    expect(kernel.info["protocol_version"]).toBe("5.4");
  });

  test("execute_stdout", async () => {
    expect(streamOf((await kernel.run("console.log('hello')")).output, "stdout")).toBe("hello\n");
  });

  test("execute_stderr", async () => {
    expect(streamOf((await kernel.run("console.error('error')")).output, "stderr")).toBe("error\n");
  });

  test("execute_reply_ok", async () => {
    expect((await kernel.run("const x = 1")).reply).toMatchObject({ status: "ok", payload: [], user_expressions: {} });
  });

  test("status_busy_idle_lifecycle", async () => {
    const states = contentsOf((await kernel.run("const x = 1")).output, "status");
    expect(states.map((content) => content["execution_state"])).toEqual(["busy", "idle"]);
  });

  test("execute_input_broadcast", async () => {
    const { reply, output } = await kernel.run("const x = 1");
    const { execution_count } = reply;
    expect(contentsOf(output, "execute_input")).toEqual([{ code: "const x = 1", execution_count }]);
  });
});

describe("interactive features", () => {
  beforeAll(() => kernel.run("const testVariable = 42"));

  test("complete_request", async () => {
    const completion = () => request("complete", { code: "testVar", cursor_pos: 7 });
    await expect.poll(async () => (await completion())["matches"], { timeout: 20_000 }).toEqual(["testVariable"]);
    expect(await completion()).toMatchObject({ status: "ok", cursor_start: 0, cursor_end: 7 });
  });

  test("inspect_request", async () => {
    const inspection = await request("inspect", { code: "testVariable", cursor_pos: 12, detail_level: 0 });
    expect(inspection).toMatchObject({ status: "ok", found: true });
    expect(JSON.stringify(inspection["data"])).toContain("testVariable");
  });

  test("is_complete_complete", async () => {
    expect(await request("is_complete", { code: "const x = 1" })).toEqual({ status: "complete" });
  });

  test("is_complete_incomplete", async () => {
    expect(await request("is_complete", { code: "const x = {" })).toMatchObject({ status: "incomplete" });
  });

  test("history_request", async () => {
    await kernel.run("const remembered = 1");
    const { status, history } = await request("history", { hist_access_type: "tail", n: 1, output: false, raw: true });
    expect(status).toBe("ok");
    expect(history).toEqual([[1, expect.any(Number), "const remembered = 1"]]);
  });

  test("comm_info_request", async () => {
    expect(await request("comm_info")).toEqual({ status: "ok", comms: {} });
  });

  test("error_handling", async () => {
    const { reply, output } = await kernel.run("function function");
    expect(reply).toMatchObject({ status: "error", ename: "SyntaxError" });
    const { ename, evalue, traceback } = reply;
    expect(contentsOf(output, "error")).toEqual([{ ename, evalue, traceback }]);
  });
});

describe("rich output", () => {
  test("display_data", async () => {
    const { output } = await kernel.run("display.html('<b>bold</b>');");
    expect(contentsOf(output, "display_data")).toMatchObject([{ data: { "text/html": "<b>bold</b>" } }]);
  });

  test("update_display_data", async () => {
    const { output } = await kernel.run("const place = display('first');\nplace.update('second');");
    const [shown] = contentsOf(output, "display_data");
    const [update] = contentsOf(output, "update_display_data");
    expect(update!["transient"]).toEqual(shown!["transient"]);
    expect(JSON.stringify(update!["data"])).toContain("second");
  });

  test("execute_result", async () => {
    const { reply, output } = await kernel.run("1 + 1");
    const { execution_count } = reply;
    expect(contentsOf(output, "execute_result")).toEqual([
      { data: { "text/plain": "2" }, metadata: {}, execution_count },
    ]);
  });

  test("rich_execute_result", async () => {
    const { output } = await kernel.run("[{ letter: 'A', share: 0.08 }, { letter: 'B', share: 0.01 }]");
    const [result] = contentsOf(output, "execute_result") as { data: Record<string, string> }[];
    expect(result!.data["text/html"]).toContain("<table");
    expect(result!.data["text/plain"]).toContain("letter");
  });
});

describe("advanced features", () => {
  test("stdin_input_request", async () => {
    const asked: [string, boolean][] = [];
    const onInput = (text: string, isPassword: boolean) => {
      asked.push([text, isPassword]);
      return "test 42";
    };
    const { reply, output } = await kernel.run("prompt('Enter: ')", { onInput });
    expect(reply["status"]).toBe("ok");
    expect(asked).toEqual([["Enter: ", false]]);
    expect(JSON.stringify(contentsOf(output, "execute_result"))).toContain("test 42");
  });

  test("comms_lifecycle", async () => {
    await kernel.client.tell("comm_open", { comm_id: "nobody-1", target_name: "nobody", data: {} });
    await expect
      .poll(() => contentsOf(published, "comm_close"), { timeout: 5000 })
      .toMatchObject([{ comm_id: "nobody-1" }]);
    await kernel.client.tell("comm_close", { comm_id: "nobody-1", data: {} });
    expect((await kernel.run("const x = 1")).reply["status"]).toBe("ok");
  });

  test("interrupt_request", async () => {
    expect(await kernel.client.interrupt()).toEqual({ status: "ok" });
  });

  test("execution_count_increments", async () => {
    const first = await kernel.run("const x = 1");
    const second = await kernel.run("const x = 1");
    expect(second.reply["execution_count"]).toBe(Number(first.reply["execution_count"]) + 1);
  });

  test("parent_header_correlation", async () => {
    const { output } = await kernel.run("console.log('hello')");
    const ids = new Set(output.map(({ parent }) => parent?.msg_id));
    expect(ids.size).toBe(1);
    expect([...ids][0]).toBeDefined();
  });

  test("shutdown_reply", async () => {
    const reply = await kernel.client.request("shutdown_request", { restart: false }, { socket: "control" });
    expect(reply).toEqual({ status: "ok", restart: false });
    expect(await kernel.ended).toBe(0);
  });
});
