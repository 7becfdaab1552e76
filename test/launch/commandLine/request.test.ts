import { expect, test } from "vitest";
import { flagRows, parseLaunch } from "../../../sdk/launch/index.ts";

const parse = (line: string) => parseLaunch(line.split(" ").filter((word) => word !== ""));

test("words of ipexrun and run_cpu are told apart from ours, or whose rules hold is said", () => {
  expect(parse("--instances 2 prog").spec.memory).toBeUndefined();
  expect(parse("--ninstances 2 prog").spec.memory).toBe("bind");
  expect(parse("--as ipexrun prog").environment).toMatchObject({ allocator: "auto", openMp: "auto" });
  expect(parse("--rank 0 --ninstances 2 prog").environment).toMatchObject({ allocator: "auto", openMp: "intel" });
  expect(parse("--log-dir logs prog").environment).toMatchObject({ allocator: "default", openMp: "threads" });
});

test("--ncore-per-instance is understood, with a warning", () => {
  const { spec, warnings } = parse("--ncore-per-instance 4 prog");
  expect(spec.instances.cpusEach).toBe(4);
  expect(warnings.map(({ code }) => code)).toEqual(["misspelt-flag"]);
});

test("-1 shares out all cores for ipexrun, and says nothing for run_cpu", () => {
  expect(parse("--ncores-per-instance -1 --ninstances 3 prog").spec.instances.cpusEach).toBe("all");
  expect(parse("--ncores-per-instance=-1 --rank -1 --node-id -1 prog").spec.instances).toMatchObject({
    cpusEach: "equal",
  });
});

test("a mode overrules numbers, and tells", () => {
  const { spec, warnings } = parse("--throughput-mode --ninstances 7 --use-logical-cores prog");
  expect(spec.instances).toMatchObject({ per: "node", useSiblings: false });
  expect(spec.instances.count).toBeUndefined();
  expect(warnings[0]?.message).toContain("--ninstances, --use-logical-cores has no effect");
});

test("instances stay on one node where that is asked for", () => {
  for (const flag of ["--bind-numa-node", "--skip-cross-node-cores", "--skip_cross_node_cores"]) {
    expect(parse(`--ninstances 3 ${flag} prog`).spec.instances.acrossNodes).toBe(false);
  }
});

test("Python runs what ends in .py and what is a module, unless that is forbidden", () => {
  expect(parse("x.py a").command).toEqual(["python3", "-u", "x.py", "a"]);
  expect(parse("-m pack.mod a").command).toEqual(["python3", "-u", "-m", "pack.mod", "a"]);
  expect(parse("--no_python x.py a").command).toEqual(["x.py", "a"]);
});

test("our own flags become a spec", () => {
  const line =
    "--per-l3 2 --cpus-per-instance 3 --cpus 0-7 --threads 2 --reserve 0 --memory-nodes 4 --memory-per-instance 6GiB --smt";
  expect(parse(`${line} -- prog`).spec).toMatchObject({
    cpus: "0-7",
    threadsCount: 2,
    instances: {
      per: "cache",
      count: 2,
      cpusEach: 3,
      reservedCpus: "0",
      memoryNodes: "4",
      bytesEach: 6 * 2 ** 30,
      useSiblings: true,
    },
  });
  expect(parse("--instance-cpus 0-3/4-7 prog").spec.instances.cpuLists).toEqual(["0-3", "4-7"]);
});

test.each([
  ["--foo prog", "--foo is no flag of this launcher, of ipexrun or of torch's run_cpu."],
  ["--nnodes 2 prog", "--nnodes belongs to training over several hosts"],
  ["--ninstances two prog", '--ninstances was given "two", and a whole number is needed.'],
  ["--strategy wide prog", '--strategy was given "wide", and one of scatter, close is needed.'],
  ["--as torchrun prog", '--as needs one of numalab, ipexrun, run_cpu, and "torchrun" was given.'],
  ["--latency-mode=1 prog", '--latency-mode takes no value, and "1" was given.'],
  ["--latency-mode --throughput-mode prog", "--latency-mode and --throughput-mode were given"],
  ["--per-node 1 --instances 2 prog", "--instances and --per-node were given"],
  ["--enable-tcmalloc --enable-jemalloc prog", "--enable-tcmalloc and --enable-jemalloc were given"],
  ["--instances 2", "No program was named"],
  ["--instances", "--instances needs a value, and nothing was given."],
])("`%s` is refused", (line, message) => {
  expect(() => parse(line)).toThrow(
    expect.objectContaining({ code: "bad-flag", message: expect.stringContaining(message) as string }),
  );
});

test("every flag is understood, with underscores too", () => {
  const sample: Partial<Record<string, string>> = {
    as: "numalab",
    strategy: "close",
    "memory-allocator": "auto",
    "omp-runtime": "intel",
    "multi-task-manager": "taskset",
    restart: "always",
    "memory-per-instance": "1GiB",
  };
  const needed: Partial<Record<string, string>> = {
    "ready-timeout": "--ready-line=up",
    "max-restarts": "--restart=always",
  };
  for (const [name, { type }] of Object.entries(flagRows)) {
    const words = [
      `--${name.replaceAll("-", "_")}`,
      ...(type === "string" ? [sample[name] ?? "1"] : []),
      needed[name] ?? "--json",
      "prog",
    ];
    expect(parseLaunch(words).command.at(-1)).toBe("prog");
  }
});
