import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { formatConnection } from "../../../../kernels/typescript/protocol/connection.ts";
import { startKernel } from "../../../../kernels/typescript/protocol/start.ts";
import { kernelProgram, root, startBuiltKernel } from "../conformance/builtKernel.ts";

const scratch = mkdtempSync(join(tmpdir(), "numalab-start-"));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** Processes whose command line holds a text, this one left out. */
function isRunning(processId: number): boolean {
  if (!existsSync(`/proc/${processId}`)) return false;
  return !readFileSync(`/proc/${processId}/stat`, "utf8").includes(") Z ");
}

test("a command that is not there is named", async () => {
  const started = startKernel({ argv: ["/nowhere/kernel", "{connection_file}"], workingFolder: root });
  await expect(started).rejects.toMatchObject({
    code: "kernel-not-started",
    message: expect.stringContaining("/nowhere/kernel") as string,
  });
});

test("a program that ends at once is reported with its last words", async () => {
  const argv = [process.execPath, "-e", "console.error('no luck'); process.exit(3)"];
  await expect(startKernel({ argv, workingFolder: root })).rejects.toMatchObject({
    code: "kernel-died",
    message: "The kernel ended (exit code 3). no luck",
  });
});

test("a program that never answers is given up", async () => {
  const argv = [process.execPath, "-e", "setInterval(() => {}, 1000)"];
  const started = startKernel({ argv, workingFolder: root, timeoutSeconds: 0.5 });
  await expect(started).rejects.toMatchObject({ code: "kernel-not-started" });
});

test("a kernel that dies fails what waits for it, with its signal", async () => {
  await using kernel = await startBuiltKernel();
  const running = kernel.client.execute("await new Promise(() => {})");
  process.kill(kernel.processId, "SIGKILL");
  await expect(running).rejects.toMatchObject({
    code: "kernel-died",
    message: expect.stringContaining("SIGKILL") as string,
  });
  expect(await kernel.ended).toBe("SIGKILL");
});

test.for(["SIGTERM", "SIGHUP"] as const)("%s ends a kernel and its cells", async (signal) => {
  await using kernel = await startBuiltKernel();
  let executorId = 0;
  await kernel.client.execute("process.pid", {
    onOutput({ header, content }) {
      const { data } = content as { data?: Record<string, string> };
      if (header.msg_type === "execute_result") executorId = Number(data?.["text/plain"]);
    },
  });
  expect(isRunning(executorId)).toBe(true);
  process.kill(kernel.processId, signal);
  expect(await kernel.ended).toBe(0);
  await expect.poll(() => isRunning(executorId), { timeout: 5000 }).toBe(false);
});

test("SIGINT stops the running cell and not the kernel", async () => {
  await using kernel = await startBuiltKernel();
  const running = kernel.run("console.log('on'); await new Promise(() => {})", {
    onOutput({ header }) {
      if (header.msg_type === "stream") process.kill(kernel.processId, "SIGINT");
    },
  });
  expect((await running).reply["status"]).toBe("error");
  expect((await kernel.run("1 + 1")).reply["status"]).toBe("ok");
});

test("a kernel ends when the program that started it is gone", { timeout: 20_000 }, async () => {
  const ports = { shell: 1, control: 2, stdin: 3, iopub: 4, hb: 5 };
  const file = join(scratch, "connection.json");
  writeFileSync(file, formatConnection({ transport: "ipc", ip: join(scratch, "k"), key: "", ports }));
  const script = `
    const { spawn } = require("node:child_process");
    const env = { ...process.env, JPY_PARENT_PID: String(process.pid) };
    const child = spawn(process.execPath, process.argv.slice(1), { env, detached: true, stdio: "ignore" });
    console.log(child.pid);
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ["-e", script, kernelProgram, file], { stdio: ["ignore", "pipe", "ignore"] });
  const kernelId = Number(await new Promise((resolve) => parent.stdout.once("data", resolve)));
  await expect.poll(() => existsSync(`${join(scratch, "k")}-1`), { timeout: 5000 }).toBe(true);
  parent.kill("SIGKILL");
  await expect.poll(() => isRunning(kernelId), { timeout: 10_000 }).toBe(false);
});

test("a kernel that has warmed up and is idle uses no CPU", { timeout: 60_000 }, async () => {
  await using kernel = await startBuiltKernel();
  await kernel.run("1 + 1");
  const ticks = (): number => {
    const stat = readFileSync(`/proc/${kernel.processId}/stat`, "utf8").replace(/^.*\) /, "");
    const [userTicks, systemTicks] = stat.split(" ").slice(11, 13);
    return Number(userTicks) + Number(systemTicks);
  };
  let before = -Infinity;
  const ticksSince = (): number => {
    const now = ticks();
    const spent = now - before;
    before = now;
    return spent;
  };
  await expect.poll(ticksSince, { timeout: 50_000, interval: 3000 }).toBeLessThanOrEqual(1);
});
