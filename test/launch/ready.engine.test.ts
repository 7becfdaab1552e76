import { startLaunch } from "numalab/launch";
import { expect, test } from "vitest";
import { isRunning, node, planOf, planOfCount, shell, unbound } from "./processes.ts";

test("a launch has started when each instance has said its line, on either of its outputs", async () => {
  const program = shell('echo begun; sleep 0.$((RANDOM % 3)); echo "listening on 80" >&2; sleep 1000');
  const lines: string[] = [];
  await using launch = await startLaunch(planOfCount(2), program, {
    ready: { line: /listening on \d+$/ },
    onStart: ({ stderr }) => stderr.on("data", (text) => lines.push(String(text))),
  });
  expect(lines).toEqual(["listening on 80\n", "listening on 80\n"]);
  expect(await launch.instances[0]!.ready).toBe("ready");
});

test("a line counts when it is whole", async () => {
  const script = `process.stdout.write("liste"); setTimeout(() => console.log("ning"), 50); setInterval(() => {}, 1000)`;
  await using launch = await startLaunch(planOf(unbound), node(script), { ready: { line: "listening" } });
  expect(isRunning(launch.instances[0]!.processId)).toBe(true);
});

test("one that is not ready in time is told with its last words, and all are stopped", async () => {
  const processIds: number[] = [];
  await expect(
    startLaunch(planOfCount(2), shell("echo reading weights >&2; exec sleep 1000"), {
      ready: { line: "listening", deadlineSeconds: 0.3 },
      onStart: ({ processId }) => processIds.push(processId),
    }),
  ).rejects.toMatchObject({
    code: "never-ready",
    message: expect.stringMatching(
      /^Instance [01] was not ready after 0.3 s: it has to say a line with "listening"\. Give .* Its last words: reading weights$/,
    ) as string,
  });
  expect(processIds.map(isRunning)).toEqual([false, false]);
});

test("one that ends before it is ready is told with how it ended", async () => {
  const ready = { line: "listening" };
  await expect(startLaunch(planOf(unbound), shell("echo no port >&2; exit 4"), { ready })).rejects.toMatchObject({
    code: "ended-early",
    message:
      'Instance 0 ended (exit code 4) before it was ready: it has to say a line with "listening". Its last words: no port',
    facts: { exitCode: 4, signal: null },
  });
  await expect(startLaunch(planOf(unbound), shell("kill -9 $$"), { ready })).rejects.toThrow("(ended by SIGKILL)");
});

test("an abort while an instance gets ready is the reason that is thrown", async () => {
  const controller = new AbortController();
  const start = startLaunch(planOf(unbound), shell("sleep 1000"), {
    ready: { line: "listening" },
    signal: controller.signal,
    onStart: () => {
      controller.abort(new Error("enough"));
    },
  });
  await expect(start).rejects.toThrow("enough");
});
