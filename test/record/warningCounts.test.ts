import { expect, test } from "vitest";
import { warningCountsOf } from "../../sdk/record/warningCounts.ts";

const warning = (code: string, message: string) => ({ code, message, advice: "Stop it." });

test("warnings are counted by code and run, the most frequent first, with the latest sentence", () => {
  const runs = [
    { warnings: [warning("steal", "1 %"), warning("load", "6 %")] },
    { warnings: [warning("load", "7 %"), warning("load", "8 %")] },
    { warnings: [] },
  ];
  expect(warningCountsOf(runs)).toEqual([
    { code: "load", message: "8 %", advice: "Stop it.", runsCount: 2 },
    { code: "steal", message: "1 %", advice: "Stop it.", runsCount: 1 },
  ]);
});
