import { execFileSync } from "node:child_process";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { dataFolderOf } from "../../../../kernels/typescript/install/dataFolder.ts";

describe.runIf(process.platform === "linux")("the data folder of a user's Jupyter", () => {
  test.for([
    [{ JUPYTER_DATA_DIR: "/data/jupyter", XDG_DATA_HOME: "/xdg" }, "/data/jupyter"],
    [{ XDG_DATA_HOME: "/xdg" }, "/xdg/jupyter"],
    [{}, join(homedir(), ".local/share/jupyter")],
  ] as const)("%j is %s", async ([environment, folder]) => {
    expect(await dataFolderOf({ kind: "user" }, environment)).toBe(folder);
  });
});

test("a prefix holds its Jupyter in share/jupyter", async () => {
  expect(await dataFolderOf({ kind: "prefix", prefix: "venv" })).toBe(resolve("venv/share/jupyter"));
});

test("the Python on the PATH says its prefix", async ({ skip }) => {
  const script = "import sys; print(sys.prefix)";
  let prefix = "";
  try {
    prefix = execFileSync("python3", ["-c", script], { encoding: "utf8" }).trim();
  } catch {
    skip("no python3 on the PATH");
  }
  expect(await dataFolderOf({ kind: "sys-prefix" })).toBe(join(prefix, "share/jupyter"));
});

test("without Python, its prefix is refused with what to pass instead", async () => {
  const found = dataFolderOf({ kind: "sys-prefix" }, { PATH: "/nowhere" });
  await expect(found).rejects.toMatchObject({
    code: "no-python",
    message: expect.stringContaining("--prefix") as string,
  });
});
