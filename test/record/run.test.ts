import { join } from "node:path";
import { expect, expectTypeOf, test } from "vitest";
import type { BindingReport, InstancePlan } from "../../sdk/launch/index.ts";
import type { EnvironmentChange } from "../../sdk/measure/environment.ts";
import { readRuns } from "../../sdk/record/index.ts";
import { parseRun, type Run } from "../../sdk/record/run.ts";
import { sampleRun } from "./sampleRun.ts";

test("runs of schema run/1 are read for ever", async () => {
  const { runs, warnings } = await readRuns(join(import.meta.dirname, "run-1.jsonl"));
  expect(warnings).toEqual([]);
  expect(runs[0]).toEqual(sampleRun);
  expect(runs.map(({ kind, origin }) => `${kind} ${origin}`)).toEqual([
    "decode measured",
    "prefill measured",
    "bandwidth measured",
    "decode scripted",
  ]);
});

test("plans, binding reports and environments are stored as the other layers make them", () => {
  expectTypeOf<InstancePlan>().toEqualTypeOf<Run["plan"]>();
  expectTypeOf<BindingReport>().toEqualTypeOf<NonNullable<Run["binding"]>>();
  expectTypeOf<EnvironmentChange>().toEqualTypeOf<NonNullable<Run["environment"]>>();
});

test.each([
  ["a field too many", { ...sampleRun, gpu: "none" }, 'Unrecognized key: "gpu"'],
  [
    "a number that is none",
    { ...sampleRun, samples: { tokenSeconds: [0.1, Number.NaN], bytesPerSecond: null } },
    "samples.tokenSeconds.1: Invalid input: expected number, received NaN",
  ],
  [
    "a count below zero",
    { ...sampleRun, repetitionIndex: -1 },
    "repetitionIndex: Too small: expected number to be >=0",
  ],
  [
    "only the first of several faults",
    { ...sampleRun, kind: "guess", origin: "heard", repetitionIndex: "first" },
    'kind: Invalid option: expected one of "decode"|"prefill"|"reply"|"bandwidth" (and 2 more faults)',
  ],
  ["no object", 7, "Invalid input: expected object, received number"],
])("%s is told with its path", (_what, value, problem) => {
  expect(parseRun(value)).toEqual({ run: null, problem });
});
