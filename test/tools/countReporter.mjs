// A vitest reporter that writes the true counts, the tests skipped with their reasons and the notes of tests
// (`context.annotate("…")`) to the file that NUMALAB_TEST_COUNTS names.
import { writeFileSync } from "node:fs";

/** Files that failed to load, and groups whose hooks failed: errors that belong to no test. */
function brokenCount(modules) {
  const groups = modules.flatMap((module) => [module, ...module.children.allSuites()]);
  return groups.filter((group) => group.errors().length > 0).length;
}

export default class CountReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const inState = (state) => tests.filter((test) => test.result().state === state);
    const counts = {
      passed: inState("passed").length,
      failed: inState("failed").length + inState("pending").length + brokenCount(modules) + unhandledErrors.length,
      skipped: inState("skipped").map((test) => ({
        title: test.fullName,
        why: test.result().note ?? "no reason given",
      })),
      notes: tests.flatMap((test) => test.annotations().map(({ message }) => message)),
    };
    writeFileSync(process.env.NUMALAB_TEST_COUNTS, JSON.stringify(counts));
  }
}
