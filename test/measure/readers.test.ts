import { expect, test } from "vitest";
import { startLaunch } from "../../sdk/launch/index.ts";
import { openReaders } from "../../sdk/measure/readers.ts";
import { node, planOf, unbound } from "../launch/processes.ts";

const startProgram = (text: string, signal: AbortSignal) => startLaunch(planOf(unbound), node(text), { signal });

test("a measuring process is asked line by line", async () => {
  const { signal } = new AbortController();
  const answer = 'process.stdin.on("data", (line) => console.log(JSON.stringify(JSON.parse(line).map((x) => x * 10))))';
  await using launch = await startProgram(`console.log('{"pinned":true,"hugePagesRatio":null}');${answer}`, signal);
  const readers = openReaders(launch.instances[0]!, signal);
  expect(await readers.awaitReady()).toEqual({ pinned: true, hugePagesRatio: null });
  expect(await readers.measureBlock([1, 0])).toEqual([10, 0]);
  expect(await readers.measureBlock([0, 1])).toEqual([0, 10]);
});

test("one that dies is told with its exit code and last words", async () => {
  const { signal } = new AbortController();
  await using launch = await startProgram('console.error("out of luck"); process.exitCode = 7', signal);
  await expect(openReaders(launch.instances[0]!, signal).awaitReady()).rejects.toMatchObject({
    name: "MeasureError",
    code: "worker-died",
    message:
      "The measuring process ended with exit code 7 before it answered; it must live to the end. Its last words: out of luck",
    facts: { exitCode: 7, signal: null },
  });
});

test("one that was aborted is told with the reason", async () => {
  const abort = new AbortController();
  await using launch = await startProgram("process.stdin.resume()", abort.signal);
  const ready = openReaders(launch.instances[0]!, abort.signal).awaitReady();
  abort.abort(new Error("enough"));
  await expect(ready).rejects.toThrow("enough");
});
