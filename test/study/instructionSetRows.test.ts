import { expect, test } from "vitest";
import {
  instructionSetRowsOf,
  ladderSentenceOf,
  type MeasuredRung,
  outputBoundNats,
} from "../../sdk/study/instructionSetRows.ts";

const subject = { model: "m", quant: "Q4_0", synthetic: false, threadsCount: 1 };

function rungOf(build: string, speed: number, more: Partial<MeasuredRung> = {}): MeasuredRung {
  const samples = [1, 2, 4].map((drift) => ({
    computeLibrary: `libggml-cpu-${build}.so`,
    instructionSets: ["SSE3", build],
    outputDigest: "a",
    binding: "bound",
    prefillTokensPerSecond: 10 * speed * drift,
    decodeTokensPerSecond: speed * drift,
  }));
  return { build, instructionSet: build, samples, divergence: null, ...more };
}

const divergenceOf = (meanDivergence: number) => ({
  meanDivergence,
  maximumDivergence: meanDivergence,
  sameTopTokenRatio: 1,
  countedTokensCount: 8,
});

test("a speedup is that over the lowest rung of the same round, so that drift cancels", () => {
  const [lowest, fast] = instructionSetRowsOf([rungOf("low", 1), rungOf("fast", 3)], subject);
  expect(lowest).toMatchObject({ decodeSpeedup: 1, output: "same", isPathProven: true, roundsCount: 3 });
  expect(fast!.decodeSpeedup).toBeCloseTo(3);
  expect(fast!.decodeSpeedupLow).toBeCloseTo(3);
  expect(fast!.prefillSpeedupHigh).toBeCloseTo(3);
  expect(fast!.instructionSets).toBe("SSE3 fast");
});

test("sums in another order are close, anything further off is suspect and no headline", () => {
  const rows = instructionSetRowsOf(
    [
      rungOf("low", 1),
      rungOf("close", 2, { divergence: divergenceOf(outputBoundNats / 2) }),
      rungOf("wrong", 9, { divergence: divergenceOf(2 * outputBoundNats) }),
      rungOf("lost", 9, { divergence: divergenceOf(NaN) }),
    ],
    subject,
  );
  expect(rows.map(({ output }) => output)).toEqual(["same", "close", "output-suspect", "output-suspect"]);
  expect(ladderSentenceOf(rows)).toBe(
    "m Q4_0: close (close) decodes at 2.00 × [2.00–2.00] the speed of low (low), and prefills at 2.00 ×.",
  );
});

test("a rung whose digest changes from process to process is suspect, as is one without", () => {
  const changing = rungOf("fast", 2);
  const samples = changing.samples.map((sample, at) => ({ ...sample, outputDigest: String(at) }));
  const silent = changing.samples.map((sample) => ({ ...sample, outputDigest: null }));
  const rows = instructionSetRowsOf(
    [
      { ...changing, samples },
      { ...changing, samples: silent },
    ],
    subject,
  );
  expect(rows.map(({ output }) => output)).toEqual(["output-suspect", "output-suspect"]);
  expect(ladderSentenceOf(rows)).toMatch(/^No rung/);
});

test("a process that had another library mapped proves no path and is no headline", () => {
  const rows = instructionSetRowsOf([rungOf("low", 1), { ...rungOf("other", 5), build: "fast" }], subject);
  expect(rows[1]).toMatchObject({ isPathProven: false, computeLibrary: "libggml-cpu-other.so" });
  expect(ladderSentenceOf(rows)).toContain("low (low) decodes");
});
