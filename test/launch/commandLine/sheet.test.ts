import { describe, expect, test } from "vitest";
import {
  type SheetBinding,
  type Libraries,
  type LaunchSheet,
  parseLaunch,
  planSheet,
  formatSheet,
} from "../../../sdk/launch/index.ts";
import type { Topology } from "../../../sdk/topology/index.ts";
import { dualSocket } from "../dualSocket.ts";
import { fourNodes } from "../fourNodes.ts";

/** The machines of the tools' own guides: 2 × 22 and 2 × 28 cores. */
const guide = dualSocket(22);
const cascadeLake = dualSocket(28);
const intel = { path: "/venv/lib/libiomp5.so", version: null };
const nothing: Libraries = { tcmalloc: null, jemalloc: null, intelOpenMp: null };
const withIntel: Libraries = { ...nothing, intelOpenMp: intel };

interface Given {
  readonly topology?: Topology;
  readonly libraries?: Libraries;
  readonly preset?: Record<string, string>;
  readonly binding?: SheetBinding;
}

function sheetOf(line: string, given: Given = {}): LaunchSheet {
  const request = parseLaunch(line.match(/"[^"]*"|\S+/g)!.map((word) => word.replaceAll('"', "")));
  const usual = {
    topology: guide,
    libraries: withIntel,
    preset: {},
    binding: { way: "numactl", reason: null, advice: null },
  } as const;
  return planSheet(request, { ...usual, nodeBandwidths: {}, ...given });
}

/** The command lines without the program. */
const boundBy = ({ instances }: LaunchSheet) => instances.map(({ prefix }) => prefix.join(" "));
const codesOf = ({ warnings }: LaunchSheet) => warnings.map(({ code }) => code);
const onGuide = (cpus: string, nodes: string) => `numactl --all -C ${cpus} -m ${nodes}`;

describe("the examples of ipexrun's guide, on its machine", () => {
  const openMp = { KMP_AFFINITY: "granularity=fine,compact,1,0", KMP_BLOCKTIME: "1" };

  test.each([
    ["--as ipexrun --log-dir ./logs", 44, ["0-43 0-1"]],
    ["--use-logical-core --log-dir ./logs", 88, ["0-87 0-1"]],
    ["--nodes-list 1 --log-dir ./logs", 22, ["22-43 1"]],
    ["--ninstances 1 --ncores-per-instance 10 --log-dir ./logs", 10, ["0-9 0"]],
    ['--ncores-per-instance 10 --cores-list "11-20" --log-dir ./logs', 10, ["11-20 0"]],
    ["--throughput-mode --log-dir ./logs", 22, ["0-21 0", "22-43 1"]],
    ["--ninstances 4 --log-dir ./logs", 11, ["0-10 0", "11-21 0", "22-32 1", "33-43 1"]],
    ["--ninstances 4 --instance-idx 0 --log-dir ./logs", 11, ["0-10 0"]],
    ["--ninstances 4 --instance-idx 1 --log-dir ./logs", 11, ["11-21 0"]],
    ["--throughput_mode --log_path ./logs", 22, ["0-21 0", "22-43 1"]],
    ["--node_id 1 --log_path ./logs", 22, ["22-43 1"]],
    ['--ncore_per_instance 10 --core_list "11-20" --log_path ./logs', 10, ["11-20 0"]],
  ])("%s", (flags, threads, expected) => {
    const sheet = sheetOf(`${flags} resnet50.py`);
    expect(boundBy(sheet)).toEqual(expected.map((text) => onGuide(...(text.split(" ") as [string, string]))));
    for (const { command, environment } of sheet.instances) {
      expect(command.slice(-3)).toEqual(["python3", "-u", "resnet50.py"]);
      expect(environment["OMP_NUM_THREADS"]).toBe(String(threads));
    }
  });

  test("--latency-mode takes 4 cores each, and tells which instance spans nodes", () => {
    const sheet = sheetOf("--latency-mode --log-dir ./logs resnet50.py");
    const starts = Array.from({ length: 11 }, (_, index) => index * 4);
    expect(boundBy(sheet)).toEqual(
      starts.map((start) => onGuide(`${start}-${start + 3}`, start === 20 ? "0-1" : start < 20 ? "0" : "1")),
    );
    expect(sheet.warnings.find(({ code }) => code === "across-nodes")?.message).toContain("20-23 of 1 of 11");
  });

  test("Intel's OpenMP is loaded and set up where it is found", () => {
    const [instance] = sheetOf("--throughput-mode resnet50.py").instances;
    expect(instance!.environment).toEqual({ OMP_NUM_THREADS: "22", LD_PRELOAD: intel.path, ...openMp });
  });

  test("allocators are loaded after it, jemalloc with its settings", () => {
    const found = { ...withIntel, jemalloc: { path: "/venv/lib/libjemalloc.so", version: "5.3.0" } };
    const sheet = sheetOf("--as ipexrun --memory-allocator jemalloc resnet50.py", { libraries: found });
    expect(sheet.instances[0]!.environment).toMatchObject({
      LD_PRELOAD: "/venv/lib/libiomp5.so:/venv/lib/libjemalloc.so",
      MALLOC_CONF: "oversize_threshold:1,background_thread:true,metadata_thp:auto",
    });
    expect(sheet.loadedLibraries.map(({ name }) => name)).toEqual(["intel", "jemalloc"]);
    const measuring = sheetOf("--as ipexrun --memory-allocator jemalloc --benchmark resnet50.py", { libraries: found });
    expect(measuring.instances[0]!.environment["MALLOC_CONF"]).toMatch(/dirty_decay_ms:-1,muzzy_decay_ms:-1$/);
  });

  test("--omp-runtime default sets up GNU's OpenMP, and --multi-task-manager none lets OpenMP bind", () => {
    expect(sheetOf("--omp-runtime default resnet50.py").instances[0]!.environment).toEqual({
      OMP_NUM_THREADS: "44",
      OMP_SCHEDULE: "STATIC",
      OMP_PROC_BIND: "CLOSE",
    });
    const gnu = sheetOf("--ninstances 4 --multi-task-manager none --omp-runtime default x.py").instances[1]!;
    expect(gnu).toMatchObject({ prefix: [], cpus: "0-87", environment: { GOMP_CPU_AFFINITY: "11-21" } });
    const intels = sheetOf("--ninstances 4 --multi-task-manager none x.py").instances[1]!;
    expect(intels.environment["KMP_AFFINITY"]).toBe("granularity=fine,proclist=[11-21],explicit");
  });
});

test.each([
  ["--throughput-mode script.py args", ["0-27 0", "28-55 1"]],
  ["--node-id 1 script.py args", ["28-55 1"]],
  ["--multi-instance script.py args", ["0-27 0", "28-55 1"]],
  [
    "--ninstances 14 --ncores-per-instance 4 python_script args",
    Array.from({ length: 14 }, (_, index) => `${index * 4}-${index * 4 + 3} ${index < 7 ? 0 : 1}`),
  ],
  ["--ninstances 2 --rank 0 python_script args", ["0-27 0"]],
  ["--ninstances 2 --rank 1 python_script args", ["28-55 1"]],
  ['--core-list "0, 1, 2, 3" --ninstances 2 --ncores-per-instance 2 --rank 0 python_script args', ["0-1 0"]],
])("the example of run_cpu's guide: %s", (line, expected) => {
  const sheet = sheetOf(line, { topology: cascadeLake });
  expect(boundBy(sheet)).toEqual(expected.map((text) => onGuide(...(text.split(" ") as [string, string]))));
});

describe("torch's other flags", () => {
  test("--disable-numactl binds by taskset, and with --disable-taskset nothing binds", () => {
    expect(boundBy(sheetOf("--node-id 0 --disable-numactl x.py"))).toEqual(["taskset -c 0-21"]);
    expect(boundBy(sheetOf("--node-id 0 --disable-numactl --disable-taskset x.py"))).toEqual([""]);
  });

  test("what is not installed is told with the way to install it", () => {
    const { warnings } = sheetOf("--enable-jemalloc --node-id 0 x.py", { libraries: nothing });
    expect(warnings.map(({ advice }) => advice)).toEqual([
      expect.stringContaining("pip install intel-openmp"),
      "Install it: apt-get install libjemalloc2.",
    ]);
  });
});

describe("our own flags", () => {
  const plannedFor = (line: string, topology = fourNodes) => boundBy(sheetOf(line, { topology, libraries: nothing }));

  test("no instance spans nodes unless that is asked for, and then it is told", () => {
    expect(plannedFor("--instances 3 -- prog")).toEqual([
      "numactl --all -C 0,2 -m 0",
      "numactl --all -C 4,6 -m 1",
      "numactl --all -C 8,10 -m 2",
    ]);
    const wide = sheetOf("--instances 3 --across-nodes -- prog", { topology: fourNodes });
    expect(boundBy(wide)[0]).toBe("numactl --all -C 0,2,4 -i 0-1");
    expect(codesOf(wide)).toEqual(["across-nodes"]);
  });

  test("--per-node with --instance-idx starts one of them", () => {
    expect(plannedFor("--per-node 1 --instance-idx 2 prog")).toEqual(["numactl --all -C 8,10 -m 2"]);
  });

  test("the program's own words stay as they are", () => {
    const { instances } = sheetOf("--per-node 1 --instance-idx 0 prog --dry_run --instances=2 -- -m", {
      topology: fourNodes,
    });
    expect(instances[0]!.command.slice(6)).toEqual(["prog", "--dry_run", "--instances=2", "--", "-m"]);
  });

  test("a sheet is shown as lines for a shell", () => {
    const sheet = sheetOf('--nodes 1 sh -c "echo it\'s"', { topology: fourNodes, preset: { GOMP_CPU_AFFINITY: "0" } });
    expect(formatSheet(sheet)).toBe(
      "env -u GOMP_CPU_AFFINITY OMP_NUM_THREADS=2 numactl --all -C 4,6 -m 1 sh -c 'echo it'\\''s' # instance 0",
    );
  });

  test("Node programs are told that OpenMP's variables do nothing for them", () => {
    expect(codesOf(sheetOf("--per-node 1 node x.js", { topology: fourNodes }))).toEqual(["no-openmp"]);
  });
});

test("what was found by trying is the advice on a binding that cannot be had", () => {
  const binding = { way: "taskset", reason: "Memory may not be bound.", advice: "Add the capability." } as const;
  const sheet = sheetOf("--instances 2 -- node a.mjs", { binding });
  expect(sheet.warnings.find(({ code }) => code === "memory-first-touch")?.advice).toBe(binding.advice);
  expect(sheet.bindingReason).toBe(binding.reason);
  expect(formatSheet(sheet).split("\n")[0]).toBe("# Memory may not be bound.");
});

test("what no command line can say stands in a comment", () => {
  const text = formatSheet(
    sheetOf("--instances 2 -- node a.mjs", { binding: { way: "syscalls", reason: null, advice: null } }),
  );
  expect(text.split("\n")[0]).toMatch(
    /node a\.mjs # instance 0, started on CPUs 0-21 and memory of node 0 by system calls$/,
  );
});
