import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { superviseLaunch, type RestartNotice, type SupervisedExit, type SuperviseOptions } from "numalab/launch";
import { expect, test } from "vitest";
import { isRunning, planOf, planOfCount, shell, unbound } from "./processes.ts";

/** What is told of the restarts of a program, and how it ended. */
async function supervised(script: string, options: SuperviseOptions) {
  const restarts: RestartNotice[] = [];
  await using supervision = await superviseLaunch(planOf({ ...unbound, instanceIndex: 3 }), shell(script), {
    onRestart: (restart) => restarts.push(restart),
    ...options,
  });
  return { restarts, ends: await supervision.ended };
}

test("one that fails is started again after delays that double up to a limit, so often in a row", async () => {
  const { restarts, ends } = await supervised("exit 7", {
    restart: "on-failure",
    maximumRestartsCount: 4,
    firstDelaySeconds: 0.01,
    longestDelaySeconds: 0.03,
  });
  expect(restarts.map(({ delaySeconds }) => delaySeconds)).toEqual([0.01, 0.02, 0.03, 0.03]);
  expect(restarts[3]).toEqual({ instanceIndex: 3, reason: "exit code 7", delaySeconds: 0.03, restartsCount: 4 });
  expect(ends).toMatchObject([{ instanceIndex: 3, exitCode: 7, restartsCount: 4, startError: null }]);
});

test("one that ran for long enough begins with the first delay again", async () => {
  const controller = new AbortController();
  const delays: number[] = [];
  await supervised("sleep 0.05; exit 1", {
    restart: "on-failure",
    maximumRestartsCount: 1,
    firstDelaySeconds: 0.01,
    healthySeconds: 0.04,
    signal: controller.signal,
    onRestart: ({ delaySeconds }) => {
      if (delays.push(delaySeconds) === 3) controller.abort();
    },
  });
  expect(delays).toEqual([0.01, 0.01, 0.01]);
});

test("one that succeeds is started again only where that is always wanted", async () => {
  const options = { maximumRestartsCount: 2, firstDelaySeconds: 0.01 };
  expect((await supervised("exit 0", { ...options, restart: "on-failure" })).restarts).toEqual([]);
  expect((await supervised("exit 1", options)).restarts).toEqual([]);
  expect((await supervised("exit 0", { ...options, restart: "always" })).ends).toMatchObject([{ restartsCount: 2 }]);
});

test("one that cannot be started again is tried again, and the reason is told", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "numalab-supervise-")), "program");
  writeFileSync(file, '#!/bin/sh\nrm "$0"; exit 1\n', { mode: 0o755 });
  const reasons: string[] = [];
  await using supervision = await superviseLaunch(
    planOf(unbound),
    { file, args: [] },
    {
      restart: "on-failure",
      maximumRestartsCount: 2,
      firstDelaySeconds: 0.01,
      onRestart: ({ reason }) => reasons.push(reason),
    },
  );
  expect(await supervision.ended).toMatchObject([
    { exitCode: null, startError: expect.stringContaining("[no-such-program]") as string },
  ]);
  expect(reasons).toEqual(["exit code 1", expect.stringContaining("[no-such-program]")]);
});

test("what is stopped is not started again", async () => {
  const processIds: number[] = [];
  await using supervision = await superviseLaunch(planOfCount(2), shell("exec sleep 1000"), {
    restart: "always",
    onStart: ({ processId }) => processIds.push(processId),
  });
  expect(await supervision.stop()).toMatchObject([{ signal: "SIGTERM" }, { signal: "SIGTERM", restartsCount: 0 }]);
  expect(processIds.map(isRunning)).toEqual([false, false]);
});

test("that one of several has ended is told while the others run", async () => {
  let told: (end: SupervisedExit) => void = () => undefined;
  const first = new Promise<SupervisedExit>((resolve) => (told = resolve));
  const program = (index: number) => (index === 1 ? "exit 5" : "sleep 1000");
  const { file } = shell("");
  const environment = ({ instanceIndex }: { instanceIndex: number }) => ({ SCRIPT: program(instanceIndex) });
  const each = { file, args: ["-c", 'eval "$SCRIPT"'], environment };
  await using supervision = await superviseLaunch(planOfCount(2), each, { onEnd: told });
  expect(await first).toMatchObject({ instanceIndex: 1, exitCode: 5 });
  expect(await supervision.stop()).toMatchObject([{ signal: "SIGTERM" }, { exitCode: 5 }]);
});

test("a time of grace longer than any timer can be is not cut to none", async () => {
  await using supervision = await superviseLaunch(
    planOfCount(1),
    shell("trap 'sleep 0.1; exit 6' TERM; echo up; while :; do sleep 0.01; done"),
    { graceSeconds: 10_000_000, ready: { line: "up", deadlineSeconds: 10_000_000 } },
  );
  expect(await supervision.stop()).toMatchObject([{ exitCode: 6 }]);
});
