import fc from "fast-check";
import { expect, test } from "vitest";
import { fileNameOf, runId, type RunParts, studyId } from "../../sdk/record/identity.ts";
import { sampleRun } from "./sampleRun.ts";

const { study, kind, spec, plan, model, repetitionIndex, topologyDigest } = sampleRun;
const parts: RunParts = {
  study,
  kind,
  spec,
  plan,
  model,
  repetitionIndex,
  topologyDigest,
  engineDriver: "llama",
  engineDigest: "ab",
};

test("an id is the same whatever the order of the keys", () => {
  const turned = Object.fromEntries(Object.entries(parts).toReversed()) as unknown as RunParts;
  const turnedSpec = Object.fromEntries(Object.entries(spec).toReversed()) as unknown as RunParts["spec"];
  expect(runId({ ...turned, spec: turnedSpec })).toBe(runId(parts));
  expect(runId(parts)).toMatchInlineSnapshot(`"ef98d4891d4a2cb4"`);
});

test("an id changes with every part", () => {
  const others: RunParts[] = [
    { ...parts, study: "another" },
    { ...parts, kind: "prefill" },
    { ...parts, spec: { ...spec, threadsCount: 1 } },
    { ...parts, plan: { ...plan, memoryPolicy: "interleave" } },
    { ...parts, model: null },
    { ...parts, repetitionIndex: 1 },
    { ...parts, topologyDigest: "another" },
    { ...parts, engineDriver: "llama-api" },
    { ...parts, engineDigest: null },
  ];
  expect(new Set([parts, ...others].map(runId)).size).toBe(1 + others.length);
});

test("a study's id tells when it began and its name", () => {
  expect(studyId(new Date("2026-01-31T12:00:00Z"), "threads & nodes")).toBe("2026-01-31T12-00-00.000Z-threads-nodes");
});

test("any text becomes one file name that stays in its folder", () => {
  expect(["../etc", "a/b\\c", "..", "", "测试 1", ".hidden"].map(fileNameOf)).toEqual([
    "etc",
    "a-b-c",
    "unnamed",
    "unnamed",
    "测试-1",
    "hidden",
  ]);
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(fileNameOf(text)).toMatch(/^[^./\0-][^/\0]*$/u);
      expect(fileNameOf(fileNameOf(text))).toBe(fileNameOf(text));
    }),
  );
});
