import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readRuns } from "../../sdk/record/index.ts";
import type { Run } from "../../sdk/record/run.ts";
import { sampleRun } from "./sampleRun.ts";

let folder = "";
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "runs-"))));
afterEach(() => rm(folder, { recursive: true }));

const lineOf = (run: Partial<Run>) => `${JSON.stringify({ ...sampleRun, ...run })}\n`;

async function readText(text: string) {
  await writeFile(join(folder, "records.jsonl"), text);
  const { runs, warnings } = await readRuns(join(folder, "records.jsonl"));
  return {
    ids: runs.map(({ id }) => id),
    warnings: warnings.map((warning) => ({ ...warning, message: warning.message.replace(folder, "…") })),
  };
}

test("a torn last line is left out and told with its place", async () => {
  const first = lineOf({ id: "whole" });
  const { ids, warnings } = await readText(first + lineOf({ id: "lost" }).slice(0, 500));
  expect(ids).toEqual(["whole"]);
  expect(warnings).toEqual([
    {
      code: "torn-line",
      message: `…/records.jsonl ends in a line that was cut off: line 2, from byte ${first.length}.`,
      advice: "The runs before it are whole. Measure the lost run again: the next append closes the line.",
    },
  ]);
});

test("a last run that lacks only its newline is whole", async () => {
  expect(await readText(lineOf({ id: "a" }).trimEnd())).toEqual({ ids: ["a"], warnings: [] });
});

test("runs of a newer schema are left out, with what to do", async () => {
  const newer = lineOf({}).replace("run/1", "run/2");
  expect(await readText(newer + lineOf({ id: "a" }) + newer)).toMatchInlineSnapshot(`
    {
      "ids": [
        "a",
      ],
      "warnings": [
        {
          "advice": "They were left out and stay in the file. Update numalab to read them.",
          "code": "future-schema",
          "message": "2 lines of …/records.jsonl are of a newer schema than run/1; the first is line 1: run/2.",
        },
      ],
    }
  `);
});

test("malformed lines are left out, with the reason of the first", async () => {
  expect(await readText(`${lineOf({ id: "a" })}{"schema":"run/1"\nnull\n\n${lineOf({ id: "b" })}`))
    .toMatchInlineSnapshot(`
    {
      "ids": [
        "a",
        "b",
      ],
      "warnings": [
        {
          "advice": "They were left out and stay in the file. Mend or remove them.",
          "code": "invalid-line",
          "message": "2 lines of …/records.jsonl are no run; the first is line 2: no JSON.",
        },
      ],
    }
  `);
  expect(await readText('{"schema":"other/2"}\n')).toMatchObject({ ids: [], warnings: [{ code: "invalid-line" }] });
});

test("line separators of Unicode inside a text break no line", async () => {
  expect(await readText(lineOf({ study: "a\u2028b\u0085c\r" }))).toEqual({ ids: [sampleRun.id], warnings: [] });
});

test("a run longer than the reader's buffer is one run", async () => {
  const tokenSeconds = Array.from({ length: 50_000 }, (_, index) => (index + 1) / 3);
  const { ids, warnings } = await readText(
    lineOf({ id: "a", samples: { tokenSeconds, bytesPerSecond: null } }) + lineOf({ id: "b" }),
  );
  expect({ ids, warnings }).toEqual({ ids: ["a", "b"], warnings: [] });
});

test("the runs of all files below a folder come in the order in which they started, each id once", async () => {
  await mkdir(join(folder, "study"));
  const [early, later] = [{ startedAt: "2026-01-01T00:00:00Z" }, { startedAt: "2026-01-01T00:00:00.5Z" }];
  await writeFile(join(folder, "a.jsonl"), lineOf({ id: "later", ...later }) + lineOf({ id: "twice", ...later }));
  await writeFile(join(folder, "study/b.jsonl"), lineOf({ id: "twice", ...later }) + lineOf({ id: "early", ...early }));
  await writeFile(join(folder, "notes.txt"), "no records\n");
  const { runs, warnings } = await readRuns(folder);
  expect(runs.map(({ id }) => id)).toEqual(["early", "later", "twice"]);
  expect(warnings).toMatchInlineSnapshot(`
    [
      {
        "advice": "Remove copies of records files from the folder.",
        "code": "repeated-id",
        "message": "1 run repeats an id; the first run of each id was kept.",
      },
    ]
  `);
});

test("a folder without records is told", async () => {
  expect(await readRuns(folder)).toMatchObject({ runs: [], warnings: [{ code: "no-records" }] });
});

test("a path where nothing is, is an error that says what to do", async () => {
  await expect(readRuns("/nowhere/at/all")).rejects.toThrowErrorMatchingInlineSnapshot(
    `[RecordError: There is no records file or folder at /nowhere/at/all. Name one that exists, or run a study first.]`,
  );
  await expect(readRuns("/proc/self/mem")).rejects.toMatchObject({ name: "RecordError", code: "not-readable" });
});
