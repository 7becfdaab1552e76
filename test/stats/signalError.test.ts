import { describe, expect, it } from "vitest";
import { addSignalSums, compareSignals, signalErrorOf } from "../../sdk/stats/index.ts";

describe("the error of a signal", () => {
  const reference = Float32Array.of(3, 4, 0);

  it("is the ratio of powers in decibels, and the angle", () => {
    const error = signalErrorOf(compareSignals(reference, Float32Array.of(3, 4, 0.5)));
    expect(error.sqnrDecibels).toBeCloseTo(20, 5);
    expect(error.cosine).toBeCloseTo(25 / (5 * Math.hypot(3, 4, 0.5)), 6);
    expect(error).toMatchObject({ count: 3, reason: null });
  });

  it("adds up from parts", () => {
    const other = Float32Array.of(2, 4, 1);
    const parts = [0, 1, 2].map((at) => compareSignals(reference.subarray(at, at + 1), other.subarray(at, at + 1)));
    expect(signalErrorOf(addSignalSums(parts))).toEqual(signalErrorOf(compareSignals(reference, other)));
  });

  it("says why there is no ratio", () => {
    expect(signalErrorOf(compareSignals(reference, reference))).toMatchObject({ sqnrDecibels: null, reason: "equal" });
    const zeros = new Float32Array(3);
    expect(signalErrorOf(compareSignals(zeros, reference))).toMatchObject({ cosine: null, sqnrDecibels: null });
    expect(signalErrorOf(compareSignals(reference, Float32Array.of(NaN, 0, 0))).reason).toBe("not finite");
  });

  it("needs signals of one length", () => {
    expect(() => compareSignals(reference, new Float32Array(2))).toThrow(
      expect.objectContaining({ code: "unequal-counts" }),
    );
  });
});
