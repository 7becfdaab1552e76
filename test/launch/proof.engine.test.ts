import { openBindingProofs, startLaunch } from "numalab/launch";
import { expect, test, vi } from "vitest";
import { planOf, shell, unbound } from "./processes.ts";

test("a binding is read when the instance is ready and before it is stopped, with all that it started", async () => {
  const told: string[] = [];
  const proofs = openBindingProofs(true, (instanceIndex, words) => told.push(`${instanceIndex} ${words}`));
  const plan = { ...unbound, bindingWay: "taskset" as const, prefix: ["taskset", "-c", "0"] };
  const program = shell("sleep 1000 & sleep 1000 & echo ready; wait");
  const launch = await startLaunch(planOf(plan), program, { ...proofs, ready: { line: "ready" } });
  await vi.waitFor(() => {
    expect(proofs.proofOf(0)).toMatchObject({ binding: { state: "bound", threadsCount: 3 }, bindingReason: null });
  });
  expect(proofs.proofOf(0)).toMatchObject({ bindingAtEnd: null, bindingAtEndReason: expect.any(String) as string });
  await launch.stop();
  expect(proofs.proofOf(0)).toMatchObject({ bindingAtEnd: { state: "bound" }, bindingAtEndReason: null });
  expect(told).toEqual(["0 bound: 3 threads on CPU 0", "0 before its end bound: 3 threads on CPU 0"]);
});

test("one that ends too early has a reason instead", async () => {
  const proofs = openBindingProofs(false, () => undefined);
  const launch = await startLaunch(planOf({ ...unbound, bindingWay: "cpuset" }), shell("exit 0"), proofs);
  await launch.instances[0]!.exited;
  await launch.stop();
  expect(proofs.proofOf(0)).toEqual({
    binding: null,
    bindingReason: "It ended before its binding could be read.",
    bindingAtEnd: null,
    bindingAtEndReason: "It was not stopped, but ended by itself.",
  });
});

test("one that nothing was to bind is not called bound", async () => {
  const told: string[] = [];
  const proofs = openBindingProofs(true, (_, words) => told.push(words));
  const launch = await startLaunch(planOf(unbound), shell("echo up; sleep 1000"), { ...proofs, ready: { line: "up" } });
  await launch.stop();
  expect(proofs.proofOf(0)).toMatchObject({ binding: null, bindingReason: "Nothing was to bind it." });
  expect(told).toEqual([]);
});
