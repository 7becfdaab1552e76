import { join } from "node:path";
import { text } from "node:stream/consumers";
import { execa } from "execa";
import { startLaunch } from "numalab/launch";
import { expect, test, vi } from "vitest";
import { firstLineOf, isRunning, membersOf, node, planOf, shell, unbound } from "./processes.ts";

const root = join(import.meta.dirname, "../..");
test("a program is spoken to by pipes, and its end is a value", async () => {
  await using launch = await startLaunch(
    planOf(unbound),
    node(`
    process.stdin.on("data", (text) => process.stdout.write(String(text).toUpperCase()));
    process.stdin.on("end", () => { console.error("last words"); process.exitCode = 3; });
  `),
  );
  const [instance] = launch.instances;
  instance!.stdin.end("hello\n");
  expect(await text(instance!.stdout)).toBe("HELLO\n");
  expect(await instance!.exited).toEqual({
    exitCode: 3,
    signal: null,
    ignoredSeconds: null,
    lastStderrLines: ["last words"],
  });
  expect(await launch.stop()).toEqual([await instance!.exited]);
});

test("of a long complaint the last twenty lines are kept, and an unread output blocks nobody", async () => {
  const script = `for (let index = 0; index < 20000; index++) console.log(console.error("line " + index) ?? "x".repeat(100));`;
  await using launch = await startLaunch(planOf(unbound), node(script));
  const { exitCode, lastStderrLines } = await launch.instances[0]!.exited;
  expect(exitCode).toBe(0);
  expect(lastStderrLines).toHaveLength(20);
  expect(lastStderrLines.at(-1)).toBe("line 19999");
});

test("every instance of a plan is started, and disposal stops them all", async () => {
  let processIds: number[];
  {
    await using launch = await startLaunch(planOf(unbound, { ...unbound, instanceIndex: 1 }), {
      file: "sleep",
      args: ["1000"],
    });
    processIds = launch.instances.map(({ processId }) => processId);
    expect(processIds.map(isRunning)).toEqual([true, true]);
  }
  expect(processIds.map(isRunning)).toEqual([false, false]);
});

test("a program that does not heed SIGTERM is killed after the time of grace", async () => {
  const script = `process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("ready");`;
  await using launch = await startLaunch(planOf(unbound), node(script), { graceSeconds: 0.1 });
  await firstLineOf(launch.instances[0]!.stdout);
  expect(await launch.stop()).toMatchObject([{ exitCode: null, signal: "SIGKILL", ignoredSeconds: 0.1 }]);
});

test("the end of a program is the end of all that it started, which is asked first", async () => {
  const grandchild = `sh -c 'trap "echo asked >&2; exit" TERM; echo ready; while :; do sleep 0.01; done'`;
  await using launch = await startLaunch(planOf(unbound), shell(`${grandchild} & read -r line; exit 3`));
  const [instance] = launch.instances;
  await firstLineOf(instance!.stdout);
  instance!.stdin.end("go\n");
  expect(await instance!.exited).toMatchObject({
    exitCode: 3,
    lastStderrLines: expect.arrayContaining(["asked"]) as string[],
  });
  await vi.waitFor(() => {
    expect(membersOf([instance!.processId])).toEqual([]);
  });
});

test("a stop that has begun is cut short by another one without grace, or by the signal that kills", async () => {
  const controller = new AbortController();
  const program = node(`process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("ready");`);
  const options = { graceSeconds: 1000, killSignal: controller.signal };
  await using launch = await startLaunch(planOf(unbound, { ...unbound, instanceIndex: 1 }), program, options);
  await Promise.all(launch.instances.map(({ stdout }) => firstLineOf(stdout)));
  const stopped = launch.stop();
  await launch.instances[0]!.stop(0);
  controller.abort();
  expect(await stopped).toMatchObject([{ signal: "SIGKILL", ignoredSeconds: null }, { signal: "SIGKILL" }]);
});

test("aborting stops a launch, or keeps it from starting", async () => {
  const controller = new AbortController();
  await using launch = await startLaunch(
    planOf(unbound),
    { file: "sleep", args: ["1000"] },
    { signal: controller.signal },
  );
  controller.abort();
  expect(await launch.instances[0]!.exited).toMatchObject({ exitCode: null, signal: "SIGTERM" });
  await expect(startLaunch(planOf(unbound), node(""), { signal: controller.signal })).rejects.toThrow("aborted");
});

test("an instance ends when its parent is killed, because its input closes", async () => {
  const parent = `
    import { startLaunch } from "numalab/launch";
    const worker = ["-e", "process.stdin.resume().on('end', () => process.exit())"];
    const launch = await startLaunch(${JSON.stringify(planOf(unbound))}, { file: process.execPath, args: worker });
    console.log(launch.instances[0].processId);`;
  const running = execa(process.execPath, ["--input-type=module", "-e", parent], { cwd: root, reject: false });
  const processId = Number(await firstLineOf(running.stdout));
  expect(isRunning(processId)).toBe(true);
  running.kill("SIGKILL");
  await vi.waitFor(() => {
    expect(isRunning(processId)).toBe(false);
  }, 10_000);
});

test("variables that override a binding are not inherited, others are", async () => {
  vi.stubEnv("GOMP_CPU_AFFINITY", "0").stubEnv("NUMALAB_TEST", "inherited");
  const program = node("console.log(process.env.GOMP_CPU_AFFINITY, process.env.NUMALAB_TEST, process.env.ADDED)");
  await using launch = await startLaunch(planOf(unbound), { ...program, environment: { ADDED: "added" } });
  vi.unstubAllEnvs();
  expect(await firstLineOf(launch.instances[0]!.stdout)).toBe("undefined inherited added");
});

test("a refused binding is told with the first line that the tool said, before anything starts", async () => {
  const refused = { ...unbound, bindingWay: "taskset" as const, prefix: ["taskset", "-c", "100000"] };
  await expect(startLaunch(planOf(refused), node(""))).rejects.toMatchObject({
    name: "LaunchError",
    code: "binding-refused",
    message: expect.stringMatching(
      /^`taskset -c 100000` is needed .* refused: taskset: .*: Invalid argument\. Plan with /,
    ) as string,
  });
  const missing = { ...unbound, bindingWay: "numactl" as const, prefix: ["/nowhere/numactl"] };
  await expect(startLaunch(planOf(missing), node(""))).rejects.toMatchObject({
    code: "binding-refused",
    message: expect.stringContaining("ENOENT") as string,
  });
});

test("a program that is not there is told before anything starts, also behind a prefix", async () => {
  const prefix = ["taskset", "-c", "0"];
  for (const instance of [unbound, { ...unbound, bindingWay: "taskset" as const, prefix }]) {
    await expect(startLaunch(planOf(instance), { file: "/nowhere/program", args: [] })).rejects.toThrow(
      "/nowhere/program is no file that can be run. Name a program that is installed, or its whole path.",
    );
    const named = { file: "no-such-program", args: [], environment: { PATH: "/usr/bin:/bin" } };
    await expect(startLaunch(planOf(instance), named)).rejects.toMatchObject({
      code: "no-such-program",
      message: expect.stringContaining("is in none of the folders of PATH, /usr/bin:/bin.") as string,
    });
  }
});

test("words that no process can have are refused with a code", async () => {
  for (const word of ["a\0b", "x".repeat(4_000_000)]) {
    const start = startLaunch(planOf(unbound), { file: "true", args: [word] });
    await expect(start).rejects.toMatchObject({ code: "not-started" });
  }
});
