import { expect, test } from "vitest";
import { startScriptedKernel } from "./scriptedKernel.ts";

const typesOf = (output: readonly { header: { msg_type: string } }[]) => output.map(({ header }) => header.msg_type);

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
