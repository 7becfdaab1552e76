import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { mergeOutput } from "../../sdk/cli/instanceOutput.ts";

/** The output of a process, where it goes, and what ends the process. */
function speaking(logFile: string | null = null) {
  let end = (): void => undefined;
  const exited = new Promise<void>((resolve) => (end = resolve));
  const process = { stdout: new PassThrough(), stderr: new PassThrough(), exited };
  const targets = { prefix: "[0] ", stdout: new PassThrough(), stderr: new PassThrough(), logFile };
  return { process, targets, merged: mergeOutput(process, targets), end };
}

test("a process whose lines are not taken has to wait, and none is lost", async () => {
  const { process, targets, merged, end } = speaking();
  const line = `${"x".repeat(99)}\n`;
  let count = 0;
  while (count < 10_000 && process.stdout.write(line)) {
    count += 1;
    await setImmediate();
  }
  expect(count).toBeLessThan(10_000);
  process.stdout.end("last");
  process.stderr.end();
  const taken = text(targets.stdout);
  await new Promise((resolve) => process.stdout.once("close", resolve));
  end();
  await merged;
  targets.stdout.end();
  const lines = (await taken).split("\n");
  expect(lines).toHaveLength(count + 3);
  expect(lines.slice(-2)).toEqual(["[0] last", ""]);
});

test("what a grandchild holds open is left when the process has ended", async () => {
  const { process, targets, merged, end } = speaking();
  process.stdout.write("said\n");
  end();
  await merged;
  expect(process.stdout.destroyed).toBe(true);
  targets.stdout.end();
  expect(await text(targets.stdout)).toBe("[0] said\n");
});

test("a full disk ends the log, and not the process", async () => {
  const { process, targets, merged, end } = speaking("/dev/full");
  process.stdout.write("one\n");
  expect(String((await targets.stderr[Symbol.asyncIterator]().next()).value)).toContain(
    "[0] its log ends here: ENOSPC",
  );
  process.stdout.end("two\n");
  process.stderr.end();
  end();
  await merged;
  targets.stdout.end();
  expect(await text(targets.stdout)).toBe("[0] one\n[0] two\n");
});
