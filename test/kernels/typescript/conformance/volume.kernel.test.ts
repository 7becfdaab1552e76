import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startBuiltKernel, type TestKernel } from "./builtKernel.ts";

const residentLimitBytes = 300_000_000;

let kernel: TestKernel;
beforeAll(async () => {
  kernel = await startBuiltKernel();
  await kernel.run("1 + 1");
});
afterAll(() => kernel[Symbol.asyncDispose]());

/** The most memory that the kernel's own process has ever held. */
function peakBytes(): number {
  const status = readFileSync(`/proc/${kernel.processId}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** The number of characters and of lines that arrive of what a cell prints. */
async function arriving(code: string) {
  let [length, linesCount] = [0, 0];
  const reply = await kernel.client.execute(code, {
    onOutput({ header, content }) {
      if (header.msg_type !== "stream") return;
      const text = String(content["text"]);
      length += text.length;
      for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) linesCount += 1;
    },
  });
  return { status: reply["status"], length, linesCount };
}

test("500,000 lines arrive complete", { timeout: 120_000 }, async () => {
  const code = 'for (let line = 0; line < 500_000; line++) console.log("x".repeat(99));';
  expect(await arriving(code)).toEqual({ status: "ok", length: 50_000_000, linesCount: 500_000 });
});

test("one text of 50 MB arrives complete", { timeout: 120_000 }, async () => {
  expect(await arriving('process.stdout.write("y".repeat(50_000_000));')).toMatchObject({
    status: "ok",
    length: 50_000_000,
  });
  expect(await arriving('console.log("z".repeat(50_000_000));')).toMatchObject({ status: "ok", length: 50_000_001 });
});

test("the kernel itself has stayed small meanwhile", () => {
  expect(peakBytes()).toBeLessThan(residentLimitBytes);
});

/** As above, while a front end is slow: what it has not taken yet waits in part here. */
const slowResidentLimitBytes = 400_000_000;

test(
  "400 MB of displays and comm messages reach a slow front end complete, in bounded memory",
  {
    timeout: 120_000,
  },
  async () => {
    const counts = { display_data: 0, comm_msg: 0 };
    const code = `const comm = kernel.openComm("volume"), text = "x".repeat(100_000);
    for (let i = 0; i < 2000; i++) { display.html(text); comm.send(text); }`;
    const reply = await kernel.client.execute(code, {
      onOutput({ header: { msg_type: type } }) {
        if (type !== "display_data" && type !== "comm_msg") return;
        counts[type] += 1;
        for (const end = performance.now() + 2; performance.now() < end;);
      },
    });
    expect({ status: reply["status"], ...counts }).toEqual({ status: "ok", display_data: 2000, comm_msg: 2000 });
    expect(peakBytes()).toBeLessThan(slowResidentLimitBytes);
  },
);
