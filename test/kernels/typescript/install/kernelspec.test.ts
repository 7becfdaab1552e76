import { expect, test } from "vitest";
import { isOwn, kernelspecsOf } from "../../../../kernels/typescript/install/kernelspec.ts";
import { fourNodes } from "../../../launch/fourNodes.ts";

const programs = { node: "/opt/node/bin/node", main: "/opt/numalab/main.js", tslab: null };
const namesFor = (change: Partial<typeof fourNodes>) =>
  kernelspecsOf(programs, { ...fourNodes, ...change }).map(({ name }) => name);

test("a machine of several NUMA nodes has a kernel unbound and one bound to each", () => {
  const kernelspecs = kernelspecsOf(programs, fourNodes);
  expect(kernelspecs.map(({ name, file }) => [name, file.display_name, file.argv.slice(4)])).toEqual([
    ["numalab", "TypeScript (numalab)", []],
    ["numalab-node0", "TypeScript (numalab, node 0)", ["--node", "0"]],
    ["numalab-node1", "TypeScript (numalab, node 1)", ["--node", "1"]],
    ["numalab-node2", "TypeScript (numalab, node 2)", ["--node", "2"]],
    ["numalab-node3", "TypeScript (numalab, node 3)", ["--node", "3"]],
  ]);
});

test("a kernelspec starts this Node by an absolute path and is interrupted by message", () => {
  expect(kernelspecsOf(programs, null)).toMatchInlineSnapshot(`
    [
      {
        "file": {
          "argv": [
            "/opt/node/bin/node",
            "--max-semi-space-size=4",
            "/opt/numalab/main.js",
            "{connection_file}",
          ],
          "display_name": "TypeScript (numalab)",
          "interrupt_mode": "message",
          "language": "typescript",
          "metadata": {
            "installedBy": "numalab",
          },
        },
        "name": "numalab",
      },
    ]
  `);
});

test("a node without CPUs or memory that this process may use has no kernel", () => {
  expect(namesFor({ allowedNodeset: "0-1" })).toEqual(["numalab", "numalab-node0", "numalab-node1"]);
  expect(namesFor({ allowedCpuset: fourNodes.numaNodes[0]!.cpus })).toEqual(["numalab"]);
  expect(namesFor({ cpuOnlyNodes: [1, 2, 3] })).toEqual(["numalab"]);
});

test("tslab comes last, where it is installed", () => {
  const tslab = kernelspecsOf({ ...programs, tslab: "/opt/tslab/bin/tslab" }, null).at(-1);
  expect(tslab?.name).toBe("tslab");
  expect(tslab?.file.argv).toEqual([
    "/opt/node/bin/node",
    "/opt/tslab/bin/tslab",
    "kernel",
    "--config-path",
    "{connection_file}",
  ]);
});

test("our kernelspecs are told from others by their metadata", () => {
  expect(kernelspecsOf(programs, null).every(({ file }) => isOwn(file))).toBe(true);
  expect(isOwn({ argv: ["python3"] })).toBe(false);
});
