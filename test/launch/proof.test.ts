import { expect, test } from "vitest";
import type { BindingReport } from "../../sdk/launch/index.ts";
import { formatBinding } from "../../sdk/launch/proof.ts";

const report: BindingReport = {
  state: "bound",
  plannedCpus: "0-3",
  plannedMemoryNodes: "0",
  threadsCount: 11,
  strayThreads: [],
  anonymousPagesByNode: { 0: 52_480 },
  threadMigrationsCount: null,
  pageMigrationsCount: null,
  localPagesRatio: 1,
  reason: null,
};

test("a binding is said in a line", () => {
  expect(formatBinding(report)).toBe("bound: 11 threads on CPUs 0-3, 100 % of 205 MiB on node 0");
});

test("strays, remote pages and what could not be read are said with it", () => {
  const strayThreads = [{ threadId: 1, name: "stray", cpus: "0-7" }];
  const partly = { ...report, state: "partly", strayThreads, plannedMemoryNodes: "0-1", localPagesRatio: 0.8 } as const;
  expect(formatBinding(partly)).toBe(
    "partly bound: 11 threads on CPUs 0-3, 1 of them allowed elsewhere, 80 % of 205 MiB on nodes 0-1",
  );
  const blind = { ...report, state: "unverifiable", plannedCpus: "2", localPagesRatio: null, reason: "Why." } as const;
  expect(formatBinding(blind)).toBe("not verifiable: 11 threads on CPU 2. Why.");
});
