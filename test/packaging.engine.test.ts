import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const run = promisify(execFile);
const root = resolve(import.meta.dirname, "..");
const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  devDependencies: Record<string, string>;
};
const versioned = (name: string) => `${name}@${devDependencies[name]!}`;
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

/** What a user writes; the last line is an error unless the types are really there. */
const esm = `import { topology } from "numalab";
import { probeTopology } from "numalab/topology";
const machine = await probeTopology();
console.log(machine.architecture, machine.pus > 0, topology.probeTopology === probeTopology);
`;
const typed = `${esm}// @ts-expect-error: a count is no text
const text: string = machine.pus;
console.log(typeof text);
`;
const commonJs = `const { topology } = require("numalab");
const { probeTopology } = require("numalab/topology");
probeTopology().then((machine) => {
  console.log(machine.architecture, machine.pus > 0, topology.probeTopology === probeTopology);
});
`;

const engine = `import { getLlama } from "node-llama-cpp";
const llama = await getLlama({ gpu: false, build: "never" });
console.log(llama.buildType, llama.gpu);
`;

/** A notebook whose only cell needs Node's types, the SDK and the kernel's own parts. */
const notebook = JSON.stringify({
  cells: [{ cell_type: "code", execution_count: null, id: "a", metadata: {}, outputs: [], source: esm }],
  metadata: { kernelspec: { name: "numalab", display_name: "TypeScript (numalab)", language: "typescript" } },
  nbformat: 4,
  nbformat_minor: 5,
});

const project = mkdtempSync(join(tmpdir(), "numalab-user-"));
let tarball = "";

function sizeBytesOf(folder: string): number {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

beforeAll(async () => {
  const packed = await run("npm", ["pack", "--json", "--pack-destination", project], { cwd: root });
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  tarball = join(project, filename);
  const scripts = { "typed.mts": typed, "plain.mjs": esm, "common.js": commonJs, "engine.mjs": engine };
  const files = { "package.json": "{}", "cells.ipynb": notebook, ...scripts };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
  const packages = [tarball, versioned("tsx")];
  await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", ...packages], { cwd: project });
}, 300_000);

afterAll(() => {
  rmSync(project, { recursive: true, force: true });
});

describe("the packed package", () => {
  test("holds what runs and nothing else", async ({ annotate }) => {
    const installed = join(project, "node_modules/numalab");
    const files = readdirSync(installed, { recursive: true, encoding: "utf8" });
    expect(readdirSync(installed)).toEqual(expect.arrayContaining(["dist", "package.json", "LICENSE"]));
    expect(files.filter((file) => /^(sdk|test|kernels|notebooks)\b|\.test\.|\.tgz$/.test(file))).toEqual([]);
    expect(statSync(tarball).size).toBeLessThan(5e6);
    await annotate(
      `the tarball is ${megabytes(statSync(tarball).size)}, ${megabytes(sizeBytesOf(installed))} unpacked`,
    );
  });

  test("keeps the rules of published packages", async () => {
    const { messages } = await publint({ pkgDir: join(project, "node_modules/numalab"), strict: true, pack: false });
    expect(messages).toEqual([]);
  });

  test("brings an inference engine without graphics libraries", async ({ annotate }) => {
    const modules = join(project, "node_modules");
    expect(readdirSync(join(modules, "@node-llama-cpp")).filter((name) => /cuda|vulkan/.test(name))).toEqual([]);
    const engineBytes = sizeBytesOf(join(modules, "node-llama-cpp")) + sizeBytesOf(join(modules, "@node-llama-cpp"));
    expect(engineBytes).toBeLessThan(130e6);
    await annotate(
      `a user's node_modules is ${megabytes(sizeBytesOf(modules))}, ${megabytes(engineBytes)} of it the engine`,
    );
  });
});

describe("a user's project", () => {
  test("loads the engine's prebuilt library", async () => {
    const { stdout } = await run(process.execPath, ["engine.mjs"], { cwd: project });
    expect(stdout).toBe("prebuilt false\n");
  });

  test("has the command numalab", async () => {
    const { stdout } = await run("npx", ["--no-install", "numalab", "--help"], { cwd: project });
    expect(stdout).toContain("diagnose");
  });

  test("has the kernel, which runs a notebook there", async () => {
    const numalab = ["--no-install", "numalab"];
    await run("npx", [...numalab, "kernel", "install", "--prefix", "jupyter"], { cwd: project });
    expect(readdirSync(join(project, "jupyter/share/jupyter/kernels"))).toContain("numalab");
    await run("npx", [...numalab, "run", "cells.ipynb"], { cwd: project });
    const { cells } = JSON.parse(readFileSync(join(project, "cells.ipynb"), "utf8")) as {
      cells: [{ outputs: object[] }];
    };
    expect(cells[0].outputs).toEqual([expect.objectContaining({ name: "stdout", text: expect.anything() as unknown })]);
    expect(JSON.stringify(cells)).toMatch(/\w+ true true/);
  });
});

describe("a user's script", () => {
  test.for([
    ["TypeScript, by tsx", ["node_modules/tsx/dist/cli.mjs", "typed.mts"]],
    ["an ES module", ["plain.mjs"]],
    ["CommonJS", ["common.js"]],
  ] as const)("probes this machine as %s", async ([, command]) => {
    const { stdout, stderr } = await run(process.execPath, command, { cwd: project });
    expect(stdout).toMatch(/^\w+ true true\n/);
    expect(stderr).toBe("");
  });
});

/** Our own compiler, and the oldest that we know in use: tslab's, which is 5.0.4. */
const compilers = {
  "TypeScript 6": "node_modules/typescript/bin/tsc",
  "TypeScript 5.0": "node_modules/@tslab/typescript-for-tslab/bin/tsc",
};
const resolutions = { nodenext: ["--module", "nodenext"], node10: ["--module", "esnext"] };

describe.for(Object.entries(compilers))("%s", ([name, compiler]) => {
  test.for(Object.entries(resolutions))("finds the types with moduleResolution %s", async ([resolution, options]) => {
    const silence = name === "TypeScript 6" && resolution === "node10" ? ["--ignoreDeprecations", "6.0"] : [];
    const common = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--types", "node"];
    const args = [...common, "--moduleResolution", resolution, ...options, ...silence, "typed.mts"];
    const checked = run(process.execPath, [join(root, compiler), ...args], { cwd: project });
    await expect(checked).resolves.toMatchObject({ stdout: "" });
  });
});
