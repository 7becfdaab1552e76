import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { applyTuning } from "../../sdk/host/apply.ts";
import { doneAlone } from "../../sdk/host/lock.ts";
import { undoTuning } from "../../sdk/host/undo.ts";
import { plannedFor, refusalOf, textAt, tunableRoot } from "./tunableMachine.ts";

const isLinux = process.platform === "linux";
const done = () => Promise.resolve("done");

test.runIf(isLinux)("while one process changes a host, another apply or undo is refused", async () => {
  const root = tunableRoot();
  const plan = await plannedFor(root, { swappiness: 1 });
  const journalFolder = join(root, "journal");
  const refusals = await doneAlone(root, async () => [
    await refusalOf(() => applyTuning(plan, { journalFolder, confirm: true }), root),
    await refusalOf(() => undoTuning({ root, journalFolder }), root),
  ]);
  expect(refusals[0]).toMatchInlineSnapshot(
    `"HostError [host-busy]: The settings below <root> are being changed by another process (EADDRINUSE); needed is one at a time. Wait until its apply or undo has ended, then do the same again."`,
  );
  expect(refusals[1]).toBe(refusals[0]);
  expect(textAt(root, "proc/sys/vm/swappiness")).toBe("60");
  expect(await applyTuning(plan, { journalFolder, confirm: true })).toHaveLength(1);
});

test("work that fails lets the next one in, and other hosts are not held up", async () => {
  const [root, other] = [tunableRoot(), tunableRoot()];
  await expect(doneAlone(root, () => Promise.reject(new Error("it failed")))).rejects.toThrow("it failed");
  expect(await doneAlone(root, () => doneAlone(other, done))).toBe("done");
});

test.runIf(isLinux)("a process that was killed holds nobody up", async () => {
  const root = tunableRoot();
  const script = `
    import { doneAlone } from "./sdk/host/lock.ts";
    await doneAlone(process.argv.at(-1), () => new Promise(() => { console.log("held"); setInterval(() => {}, 1e9); }));`;
  const args = ["--import", "tsx", "--input-type=module", "-e", script, root];
  const child = spawn(process.execPath, args, {
    cwd: join(import.meta.dirname, "../.."),
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  expect(await refusalOf(() => doneAlone(root, done), root)).toMatch(/host-busy/);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await doneAlone(root, done)).toBe("done");
});
