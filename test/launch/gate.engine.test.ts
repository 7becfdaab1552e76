import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json, text } from "node:stream/consumers";
import { startLaunch, type InstancePlan } from "numalab/launch";
import { expect, test } from "vitest";
import { node, planOf, planOfCount, unbound } from "./processes.ts";

/** An instance that takes its time to be bound. */
const slow: InstancePlan = {
  ...unbound,
  instanceIndex: 1,
  bindingWay: "numactl",
  prefix: ["sh", "-c", 'sleep 0.5; exec "$@"', "sh"],
};

test("no instance runs the program before all are bound, then all do at once", async () => {
  const startedAt = Date.now();
  await using launch = await startLaunch(planOf(unbound, slow), { file: "date", args: ["+%s%3N"] });
  const times = await Promise.all(launch.instances.map(async ({ stdout }) => Number(await text(stdout))));
  expect(Math.min(...times) - startedAt).toBeGreaterThanOrEqual(500);
  expect(Math.abs(times[0]! - times[1]!)).toBeLessThan(250);
});

test("one that is refused keeps all from running, in the words of the tool that binds", async () => {
  const file = join(mkdtempSync(join(tmpdir(), "numalab-gate-")), "ran");
  const refused = { ...slow, bindingWay: "taskset" as const, prefix: ["taskset", "-c", "100000"] };
  await expect(startLaunch(planOf(unbound, refused), { file: "touch", args: [file] })).rejects.toMatchObject({
    code: "binding-refused",
    message: expect.stringMatching(/refused: taskset: .*: Invalid argument\. Plan with /) as string,
  });
  expect(existsSync(file)).toBe(false);
});

test("a program behind the gate has its input from the first byte, every variable, and no descriptor more", async () => {
  const environment = ({ instanceIndex }: InstancePlan) => ({ "dotted.name": `of ${instanceIndex}` });
  const program = node(`
    const said = require("node:fs").readFileSync(0, "utf8");
    const descriptors = require("node:fs").readdirSync("/proc/self/fd").length;
    console.log(JSON.stringify({ said, descriptors, dotted: process.env["dotted.name"] }));`);
  await using gated = await startLaunch(planOfCount(2), { ...program, environment });
  await using plain = await startLaunch(planOf(unbound), program);
  const [first, second] = gated.instances;
  const said = [first!, second!, plain.instances[0]!].map(({ stdin, stdout }) => {
    stdin.end("one\ntwo\n");
    return json(stdout);
  });
  const [ofFirst, ofSecond, ofPlain] = await Promise.all(said);
  expect(ofPlain).toMatchObject({ said: "one\ntwo\n" });
  expect(ofFirst).toEqual({ ...(ofPlain as object), dotted: "of 0" });
  expect(ofSecond).toEqual({ ...(ofPlain as object), dotted: "of 1" });
});
