import { expect, test } from "vitest";
import { comparabilityOf } from "../../sdk/record/index.ts";
import type { Run } from "../../sdk/record/run.ts";
import { sampleRun } from "./sampleRun.ts";

const withSoftware = (software: Partial<Run["software"]>): Run => ({
  ...sampleRun,
  software: { ...sampleRun.software, ...software },
});

test("runs of one build of the engine are comparable", () => {
  expect(comparabilityOf([sampleRun, sampleRun, withSoftware({ engineDigest: null })])).toEqual([]);
});

test("runs of two builds of the engine are not, and each build is counted", () => {
  expect(comparabilityOf([sampleRun, sampleRun, withSoftware({ engineDigest: "fedcba9876543210" })]))
    .toMatchInlineSnapshot(`
    [
      {
        "advice": "Compare runs of one engine digest, or measure all of them anew with one build.",
        "code": "different-engines",
        "message": "These runs come from 2 builds of the engine: 0123456789abcdef (2 runs), fedcba9876543210 (1 run).",
      },
    ]
  `);
});

test("different lockfiles and scripted times are told too", () => {
  const runs: Run[] = [
    withSoftware({ lockfileDigest: "a" }),
    withSoftware({ lockfileDigest: "b" }),
    { ...sampleRun, origin: "scripted" },
  ];
  expect(comparabilityOf(runs).map(({ code }) => code)).toEqual(["different-lockfiles", "scripted-among-measured"]);
});

test("runs of several studies or machines should not stand as one", () => {
  const runs: Run[] = [sampleRun, { ...sampleRun, study: "another" }, { ...sampleRun, topologyDigest: "another" }];
  expect(comparabilityOf(runs).map(({ code }) => code)).toEqual(["different-machines", "different-studies"]);
});
