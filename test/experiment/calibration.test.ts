import { expect, test } from "vitest";
import { calibrateLengths, lengthsFor, standardLengths } from "../../sdk/experiment/calibration.ts";
import type { Engine } from "../../sdk/inference/index.ts";

const threads = { threadsCount: 1, cpus: null };

/** An engine that needs so many seconds a token, in the order of its calls. */
function engineOf(secondsATokenOfCalls: readonly number[]): Engine {
  let call = 0;
  const timed = (kind: "decode" | "prefill") => (request: { tokensCount: number }) => {
    const seconds = (secondsATokenOfCalls[call++] ?? 0) * request.tokensCount;
    return Promise.resolve({ ...threads, kind, depthTokensCount: 0, ...request, tokenSeconds: [seconds] });
  };
  return { decode: timed("decode"), prefill: timed("prefill") } as unknown as Engine;
}

test("runs have the standard length, on a quick machine and on one that is half as fast as it should be", () => {
  for (const rates of [
    { decode: 1000, prefill: 9000 },
    { decode: 55, prefill: 187 },
    { decode: 8.1, prefill: 33 },
  ])
    expect(lengthsFor(rates)).toMatchObject(standardLengths);
});

test("a machine that is far too slow gets shorter runs, in halves, down to a shortest", () => {
  expect(lengthsFor({ decode: 7, prefill: 30 })).toMatchObject({ decodeTokensCount: 16, promptTokensCount: 64 });
  expect(lengthsFor({ decode: 0.1, prefill: 0.1 })).toMatchObject({ decodeTokensCount: 8, promptTokensCount: 32 });
});

test("a decode is cut short after four times the time that it should take, and not before four seconds", () => {
  expect(lengthsFor({ decode: 100, prefill: 100 }).maximumSeconds).toBe(4);
  expect(lengthsFor({ decode: 16, prefill: 100 }).maximumSeconds).toBe(8);
  expect(lengthsFor({ decode: 0.5, prefill: 100 }).maximumSeconds).toBe(64);
});

test("one disturbed trial shortens nothing", async () => {
  const slow = 1;
  expect(await calibrateLengths(engineOf([slow, slow, 0.02, 0.005, slow]), threads)).toMatchObject(standardLengths);
});

test("a trial without a time shortens nothing", async () => {
  expect(await calibrateLengths(engineOf([]), threads)).toEqual({ ...standardLengths, maximumSeconds: 4 });
});
