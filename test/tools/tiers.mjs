// The test tiers, in the order they run. A step with a `project` is a vitest project; any other step counts as one test.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { root } from "./step.mjs";

const build = { name: "build", command: ["test/tools/build.mjs", "--if-changed"] };

/** A program of a package in node_modules, by its file: two packages bring a `tsc`, so the name does not say which runs. */
const program = (path) => join("node_modules", path);

function missingJupyter() {
  return existsSync(join(root, ".lab/bin/jupyter-execute")) ? null : "there is no Jupyter in .lab. Run npm run setup";
}

/** What boots the machines, and what is taken from this one into them. */
const emulation = ["qemu-system-x86_64", "qemu-system-aarch64", "lstopo-no-graphics", "numactl", "lz4"];

function missingEmulator() {
  if (process.arch !== "x64") return "the emulated machines are built on x64. Run them there";
  const absent = emulation.filter((name) => !existsSync(join("/usr/bin", name)));
  return absent.length === 0 ? null : `there is no ${absent.join(", no ")}. Run npm run setup`;
}

/**
 * name          what the command line calls it
 * missing()     null, or what this machine lacks and the line that brings it
 * first         a step that must pass before the others are worth running
 * atOnceCount   how many steps run at the same time
 */
export const tiers = [
  {
    name: "check",
    about: "types, lint, format, unused code, reference, lockfile, quick tests",
    missing: () => null,
    atOnceCount: 2,
    steps: [
      {
        name: "lint",
        command: [program("eslint/bin/eslint.js"), "-c", "test/eslint.config.js", "sdk", "test", "kernels"],
      },
      { name: "quick tests", project: "check" },
      { name: "types", command: [program("typescript/bin/tsc"), "--noEmit", "-p", "."] },
      { name: "format", command: [program("prettier/bin/prettier.cjs"), "--check", "."] },
      { name: "unused code", command: [program("knip/bin/knip.js"), "-c", "test/knip.json"] },
      { name: "reference", command: [program("typedoc/bin/typedoc"), "--emit", "none", "--treatWarningsAsErrors"] },
      { name: "lockfile", program: "npm", command: ["ci", "--dry-run"] },
    ],
  },
  {
    name: "machines",
    about: "the topology of recorded machines",
    missing: () => null,
    atOnceCount: 1,
    steps: [{ name: "recorded machines", project: "machines" }],
  },
  {
    name: "engine",
    about: "the built package, with real processes",
    missing: () => null,
    first: build,
    atOnceCount: 1,
    steps: [{ name: "real processes", project: "engine" }],
  },
  {
    name: "numa",
    about: "the built package in emulated machines with several NUMA nodes",
    missing: missingEmulator,
    first: build,
    atOnceCount: 1,
    steps: [{ name: "emulated machines", project: "numa" }],
  },
  {
    name: "kernel",
    about: "the Jupyter kernel, JupyterLab in a browser, the notebooks",
    missing: missingJupyter,
    first: build,
    atOnceCount: 1,
    steps: [{ name: "notebooks", project: "kernel" }],
  },
];
