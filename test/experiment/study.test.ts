import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findUnfinishedStudy, type Study, writeStudy } from "../../sdk/experiment/study.ts";

const study: Study = {
  schema: "study/1",
  id: "2026-01-31-diagnose",
  question: "abc",
  randomSeed: 7,
  modelPaths: ["/models/a.gguf"],
  placements: [],
  cells: [],
  startedAt: "2026-01-31T00:00:00.000Z",
  finishedAt: null,
};

const folder = (): string => mkdtempSync(join(tmpdir(), "numalab-study-"));

test("the newest unfinished study of the same question is found", async () => {
  const runs = folder();
  const newer = { ...study, id: "later", startedAt: "2026-02-01T00:00:00.000Z" };
  for (const one of [study, newer, { ...study, id: "other", question: "xyz" }]) await writeStudy(runs, one);
  expect(findUnfinishedStudy(runs, "abc")).toEqual(newer);
  expect(readdirSync(join(runs, "later"))).toEqual(["study.json"]);
});

test("a finished study is not resumed: the question asked again is a new study", async () => {
  const runs = folder();
  await writeStudy(runs, { ...study, finishedAt: "2026-01-31T00:02:00.000Z" });
  expect(findUnfinishedStudy(runs, "abc")).toBeNull();
});

test("a damaged study file and an absent folder cost the chance to resume, nothing else", () => {
  const runs = folder();
  mkdirSync(join(runs, "torn"));
  writeFileSync(join(runs, "torn", "study.json"), '{"schema":"study/1","id');
  expect(findUnfinishedStudy(runs, "abc")).toBeNull();
  expect(findUnfinishedStudy(join(runs, "absent"), "abc")).toBeNull();
});
