import type { IdentifiedModel } from "../experiment/index.ts";
import {
  ceilingsOf,
  groupsOf,
  isOutputSuspect,
  isTimed,
  modelKeyOf,
  modelNamesOf,
  type ModelRun,
  rooflineOf,
  type Run,
  summarizeThroughput,
  warningCountsOf,
} from "../record/index.ts";
import { ceilingsText } from "./ceiling.ts";

/** What was timed the same way again and again, with what llama-bench does not say of it. */
export interface BenchTest {
  /** Followed by the file's name where two files are called the same. */
  readonly model: string;
  /** As it was named; the name of the file where only the runs are known. */
  readonly modelPath: string;
  /** In the terms of llama-bench: `pp512` reads a prompt of 512 tokens, `tg128 @ d64` generates 128 after 64 others. */
  readonly test: string;
  /** The CPUs that all threads were confined to on request; null where each thread count had its own. */
  readonly cpus: string | null;
  readonly runs: readonly [ModelRun, ...ModelRun[]];
  /** Null when no run gives a speed. */
  readonly tokensPerSecond: number | null;
  readonly lowTokensPerSecond: number | null;
  readonly highTokensPerSecond: number | null;
  readonly repetitionsCount: number;
  /** The most that any thread count read of this memory; null for anything but a decode. */
  readonly bandwidthBytesPerSecond: number | null;
  /** Share of that bandwidth; its ends hold the intervals of both and are null with fewer than 3 repetitions. */
  readonly rooflineRatio: number | null;
  readonly rooflineLowRatio: number | null;
  readonly rooflineHighRatio: number | null;
  readonly binding: string;
  /** Whether the output could not be text: such a test has no speed, however fast it was. */
  readonly isSuspect: boolean;
  /** The codes of the warnings, each with the number of runs that carry it; empty when there are none. */
  readonly warnings: string;
}

/** What the runs alone do not tell. */
interface Asked {
  readonly models: readonly Pick<IdentifiedModel, "path" | "fileDigest">[];
  readonly variant: { readonly cpus?: string };
}

/** The name of a test in llama-bench. */
function testNameOf({ kind, spec }: Run): string {
  const prompt = `pp${spec.promptTokensCount ?? 0}`;
  const decode = `tg${spec.generatedTokensCount ?? 0}`;
  const depth = (spec.depthTokensCount ?? 0) > 0 ? ` @ d${spec.depthTokensCount ?? 0}` : "";
  return `${kind === "prefill" ? prompt : kind === "decode" ? decode : `${prompt}+${decode}`}${depth}`;
}

type Roofline = "bandwidthBytesPerSecond" | "rooflineRatio" | "rooflineLowRatio" | "rooflineHighRatio";

function shareOf(runs: readonly ModelRun[], ceilingOf: ReturnType<typeof ceilingsOf>): Pick<BenchTest, Roofline> {
  const decodes = runs.filter(({ kind }) => kind === "decode");
  const roofline = rooflineOf(decodes, ceilingOf);
  return {
    bandwidthBytesPerSecond: roofline.bandwidthBytesPerSecond,
    rooflineRatio: roofline.decodeRooflineRatio,
    rooflineLowRatio: roofline.decodeRooflineLowRatio,
    rooflineHighRatio: roofline.decodeRooflineHighRatio,
  };
}

const kinds = ["prefill", "decode", "reply"];

/** Sorts as llama-bench prints: by model, threads and depth, then prompts before generation, each by length. */
function rankOf({ kind, model, spec }: ModelRun, { models }: Asked): number[] {
  const modelIndex = models.findIndex(({ fileDigest }) => fileDigest === model.fileDigest);
  const { threadsCount, depthTokensCount, promptTokensCount, generatedTokensCount } = spec;
  const lengths = [promptTokensCount ?? 0, generatedTokensCount ?? 0];
  return [modelIndex, threadsCount, depthTokensCount ?? 0, kinds.indexOf(kind), ...lengths];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  return a.map((value, index) => value - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

/** One test for each model, thread count, depth and length among the runs of a study. */
export function benchTestsOf(all: readonly Run[], asked: Asked = { models: [], variant: {} }): BenchTest[] {
  const [names, ceilingOf] = [modelNamesOf(all), ceilingsOf(all)];
  const groups = groupsOf(all.filter(isTimed), ({ kind, model, spec }) =>
    JSON.stringify([modelKeyOf(model), kind, spec]),
  );
  const tests = [...groups.values()].map(([first, ...others]): BenchTest => {
    if (first === undefined) throw new TypeError("a group has at least one run");
    const runs = [first, ...others] as const;
    const { model } = first;
    const { estimate, low, high, count } = summarizeThroughput(runs);
    return {
      model: names.get(modelKeyOf(model)) ?? model.name,
      modelPath: asked.models.find(({ fileDigest }) => fileDigest === model.fileDigest)?.path ?? model.fileName ?? "",
      test: testNameOf(first),
      cpus: asked.variant.cpus ?? null,
      runs: [first, ...others],
      tokensPerSecond: estimate,
      lowTokensPerSecond: low,
      highTokensPerSecond: high,
      repetitionsCount: count,
      ...shareOf(runs, ceilingOf),
      binding: first.binding?.state ?? "unverifiable",
      isSuspect: runs.some(isOutputSuspect),
      warnings: warningCountsOf(runs)
        .map(({ code, runsCount }) => `${code} (${runsCount})`)
        .join(", "),
    };
  });
  return tests.sort((a, b) => compareRanks(rankOf(a.runs[0], asked), rankOf(b.runs[0], asked)));
}

/** What a reader of the tests must know: the ceiling of the shares, whether memory was steady, what has no speed or interval. */
export function benchNotesOf(runs: readonly Run[], tests: readonly BenchTest[]): string[] {
  const ceilingOf = ceilingsOf(runs);
  const ceilings = [...new Set(runs.flatMap((run) => (run.kind === "decode" ? (ceilingOf(run) ?? []) : [])))];
  const warnings = ceilings.flatMap((ceiling) => ceiling.warnings);
  const suspects = tests.filter(({ isSuspect }) => isSuspect);
  const without = tests.filter((test) => !test.isSuspect && test.lowTokensPerSecond === null);
  const counts = new Set(without.map(({ repetitionsCount }) => repetitionsCount));
  return [
    ...suspects.map(({ model, test }) => `${model} ${test} has no speed: what the engine computed could not be text`),
    ...(ceilings.length === 0 ? [] : [ceilingsText(ceilings)]),
    ...warnings.map(({ code, message, advice }) => `warning [${code}]: ${message} ${advice}`),
    ...[...counts].map((count) => `no intervals for tests with ${count} repetitions; 3 are needed`),
  ];
}
