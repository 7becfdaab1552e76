import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { memoryTestUnits, parseMemoryFailures, testMemory } from "../../sdk/host/memoryTest.ts";
import { machineRoot } from "../measure/machineRoot.ts";
import { refusalOf } from "./tunableMachine.ts";

const back = "\b".repeat(11);
const passed = `Loop 1/1:\n  Stuck Address       : ${" ".repeat(11)}${back}testing   0${back}ok         \n  Random Value        : ok\n`;
const failed = `Loop 1/1:\n  Stuck Address       : ${back}ok\n  Random Value        :   Compare XOR         : ok\n  Bit Flip            : testing 12${back}`;

test("tests without an ok have failed", () => {
  expect(parseMemoryFailures(passed)).toEqual([]);
  expect(parseMemoryFailures(failed)).toEqual(["Random Value", "Bit Flip"]);
  expect(parseMemoryFailures("")).toEqual([]);
});

/** A program that prints and ends as memtester does. */
function programOf({
  prints = "",
  says = "",
  exitCode = 0,
}: {
  prints?: string;
  says?: string;
  exitCode?: number;
}): string {
  const root = machineRoot({ prints, says });
  const program = join(root, "memtester");
  writeFileSync(
    program,
    `#!/bin/sh\ncat ${root}/prints\necho "$@" >${root}/arguments\ncat ${root}/says >&2\nexit ${exitCode}\n`,
  );
  chmodSync(program, 0o755);
  return program;
}

describe.runIf(process.platform === "linux")("a memory test", () => {
  test("that finds nothing has passed", async () => {
    const result = await testMemory({ bytes: 3 * 2 ** 20, passesCount: 2, program: programOf({ prints: passed }) });
    expect(result).toEqual({ bytes: 3 * 2 ** 20, passesCount: 2, hasPassed: true, failures: [] });
  });

  test("that finds a fault names the tests", async () => {
    const result = await testMemory({ bytes: 2 ** 20, program: programOf({ prints: failed, exitCode: 4 }) });
    expect(result).toMatchObject({ hasPassed: false, failures: ["Random Value", "Bit Flip"] });
  });

  test("that could not run says nothing of the memory", async () => {
    const program = programOf({ says: "failed to allocate memory", exitCode: 1 });
    const refusal = await refusalOf(() => testMemory({ bytes: 2 ** 20, program }), program);
    expect(refusal).toMatchInlineSnapshot(
      `"HostError [memory-test-failed]: <root> ended with 1 before it tested: failed to allocate memory. Needed are 1 MiB of free memory that it may lock: ask for less, or run it as root."`,
    );
  });

  test("of more memory than is free is refused before it starves the host", async () => {
    const refusal = await refusalOf(() => testMemory({ bytes: 2 ** 60, program: programOf({}) }), "<none>");
    expect(refusal).toMatch(
      /memory-test-failed\]: 1,048,576 TiB of memory were to be tested; needed is that they are free/,
    );
  });

  test("without its program says how to get it", async () => {
    const refusal = await refusalOf(() => testMemory({ bytes: 1, program: "no-such-memtester" }), "<none>");
    expect(refusal).toMatch(/no-such-program.*apt install memtester/);
  });
});

test("the units test memory at set times and raise an alert when that fails", () => {
  const { service, timer, alert } = memoryTestUnits({ bytes: 2 ** 30, calendar: "Sun 03:00" });
  expect(service).toContain("ExecStart=/usr/sbin/memtester 1024M 1\n");
  expect(service).toContain("OnFailure=numalab-memtest-alert.service\n");
  expect(timer).toContain("OnCalendar=Sun 03:00\n");
  expect(alert).toMatch(/^ExecStart=logger --priority daemon\.alert /m);
  expect(memoryTestUnits({ bytes: 1, alertCommand: "/usr/bin/page-me" }).alert).toContain(
    "ExecStart=/usr/bin/page-me\n",
  );
});

test("a calendar or a command that would add lines to a unit is refused", async () => {
  const calendar = "weekly\nUnit=other.service";
  expect(await refusalOf(() => memoryTestUnits({ bytes: 1, calendar }), "<none>")).toMatchInlineSnapshot(
    `"HostError [bad-settings]: The calendar of a memory test is "weekly\\nUnit=other.service"; needed is one line. Say it on one."`,
  );
  expect(await refusalOf(() => memoryTestUnits({ bytes: 1, alertCommand: " " }), "<none>")).toMatch(/bad-settings/);
});
