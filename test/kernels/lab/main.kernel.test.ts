import { spawn, spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { labUrlIn } from "../../../kernels/lab/lab.ts";

const root = resolve(import.meta.dirname, "../../..");
const port = 8971;

/** What runs of the processes that carry these words in their command line. */
function running(words: string): string[] {
  const { stdout } = spawnSync("ps", ["axo", "stat,args"], { encoding: "utf8" });
  return stdout.split("\n").filter((line) => line.includes(words) && !line.startsWith("Z"));
}

test("an interrupt of the whole process group ends JupyterLab and kernels of every language", async () => {
  const words = ["--import", "tsx", "kernels/lab/main.ts", "--no-browser", `--port=${port}`];
  const lab = spawn(process.execPath, words, { cwd: root, detached: true, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<number | null>((done) => lab.once("exit", done));
  let log = "";
  lab.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
  await expect.poll(() => labUrlIn(log), { timeout: 60_000, interval: 200 }).not.toBeNull();
  const { origin, search } = labUrlIn(log)!;
  for (const name of ["tslab", "numalab"]) {
    const reply = await fetch(`${origin}/api/kernels${search}`, { method: "POST", body: JSON.stringify({ name }) });
    expect(reply.status).toBe(201);
  }
  await expect.poll(() => running(join(root, "node_modules/tslab")), { timeout: 20_000 }).not.toEqual([]);
  process.kill(-lab.pid!, "SIGINT");
  expect(await ended).not.toBeNull();
  expect(running(`--port=${port}`)).toEqual([]);
  expect(running(join(root, "node_modules/tslab"))).toEqual([]);
}, 120_000);
