import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, expect, test } from "vitest";
import { kernelArgv } from "../../../kernels/typescript/argv.ts";

const root = resolve(import.meta.dirname, "../../..");
let prefix = "";
beforeEach(() => {
  prefix = mkdtempSync(join(tmpdir(), "numalab-prefix-"));
});
afterEach(() => {
  rmSync(prefix, { recursive: true });
});

/** Runs `numalab kernel`, as installed; what it printed. */
function kernel(...words: string[]): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)(process.execPath, [join(root, "dist/sdk/cli/main.js"), "kernel", ...words]);
}

interface Printed {
  readonly kernelspecs: readonly { readonly name: string; readonly folder: string; readonly missingPaths: string[] }[];
  readonly labextension: string;
  readonly warnings: readonly { readonly code: string }[];
}

interface Manifest {
  readonly name: string;
  readonly jupyterlab: { readonly _build: { readonly load: string } };
}

async function install(): Promise<Printed> {
  return JSON.parse((await kernel("install", "--prefix", prefix, "--json")).stdout) as Printed;
}

test("installed kernelspecs are listed, and start files that are there", async () => {
  const { kernelspecs } = await install();
  expect(kernelspecs.map(({ name }) => name)).toEqual(expect.arrayContaining(["numalab", "tslab"]));
  expect(kernelspecs.flatMap(({ missingPaths }) => missingPaths)).toEqual([]);
  const { argv } = JSON.parse(readFileSync(join(kernelspecs[0]!.folder, "kernel.json"), "utf8")) as { argv: string[] };
  expect(argv).toEqual(kernelArgv({ node: process.execPath, main: join(root, "dist/kernels/typescript/main.js") }));
  const listed = JSON.parse((await kernel("list", "--prefix", prefix, "--json")).stdout) as unknown[];
  expect(listed).toHaveLength(kernelspecs.length);
});

test("JupyterLab gets an extension that it can load, with plotly.js beside it", async () => {
  const { labextension } = await install();
  const manifest = JSON.parse(readFileSync(join(labextension, "package.json"), "utf8")) as Manifest;
  const script = readFileSync(join(labextension, manifest.jupyterlab._build.load), "utf8");
  const page = { document: { currentScript: { src: "http://localhost/static/remoteEntry.js" } }, URL };
  runInNewContext(script, page);
  expect(page).toHaveProperty(["_JUPYTERLAB", manifest.name, "get"]);
  expect(readdirSync(join(labextension, "static"))).toContain("plotly.js.deflate");
});

test("an installation replaces the last one and removes kernels that the machine no longer has", async () => {
  const { kernelspecs } = await install();
  const stale = join(prefix, "share/jupyter/kernels/numalab-node99");
  mkdirSync(stale);
  const text = readFileSync(join(kernelspecs[0]!.folder, "kernel.json"), "utf8");
  writeFileSync(join(stale, "kernel.json"), text);
  expect((await install()).kernelspecs).toEqual(kernelspecs);
  expect(existsSync(stale)).toBe(false);
});

test("a tslab that was there before is left as it is, and told", async () => {
  const folder = join(prefix, "share/jupyter/kernels/tslab");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "kernel.json"), '{"argv":["tslab"]}');
  expect((await install()).warnings.map(({ code }) => code)).toEqual(["kernelspec-not-ours"]);
  expect(readFileSync(join(folder, "kernel.json"), "utf8")).toBe('{"argv":["tslab"]}');
});

test("removing takes away what was installed", async () => {
  const { labextension } = await install();
  await kernel("uninstall", "--prefix", prefix);
  expect(existsSync(labextension)).toBe(false);
  expect((await kernel("list", "--prefix", prefix)).stdout).toContain("no kernel of numalab");
});

test("a folder that cannot be written is told, with what to pass instead", async () => {
  writeFileSync(join(prefix, "share"), "");
  const failed = kernel("install", "--prefix", prefix);
  await expect(failed).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/InstallError \[folder-not-writable\].*--user/s) as string,
  });
});

test("two places at once are refused", async () => {
  await expect(kernel("install", "--user", "--prefix", prefix)).rejects.toMatchObject({ code: 2 });
});
