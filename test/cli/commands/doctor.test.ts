import { join } from "node:path";
import { expect, test } from "vitest";
import { doctorCommand } from "../../../sdk/cli/commands/doctor.ts";
import { smallRoot } from "../../host/plainMachine.ts";
import { printedBy } from "./printed.ts";

const doctor = (...args: string[]) => printedBy(doctorCommand(), args);

test("a host that meets its requirements exits with 0, another with 1", async () => {
  const root = smallRoot({ "small.json": '{"coresCount": 1}', "large.json": '{"memoryBytes": "1 TiB"}' });
  const small = await doctor(join(root, "small.json"), "--root", root);
  expect(small.exitCode).toBe(0);
  expect(small.stdout).toContain("This host is fit.");
  const large = await doctor(join(root, "large.json"), "--root", root, "--json");
  expect(large.exitCode).toBe(1);
  expect(JSON.parse(large.stdout)).toMatchObject({ isFit: false, requirements: [{ isMet: false, found: "64 GiB" }] });
});

test("memory is judged for a need, by thresholds that can be told", async () => {
  const meminfo = `MemTotal: ${2 ** 20} kB\nMemAvailable: ${2 ** 19} kB\n`;
  const root = smallRoot({ "proc/meminfo": meminfo });
  const judged = async (...args: string[]) => (await doctor("--root", root, "--need", "500MiB", ...args)).stdout;
  expect(await judged()).toContain("[memory-short]");
  expect(await judged("--need-ratio", "1", "--reserve", "0")).not.toContain("[memory-short]");
});

test("watching prints a line a sample and exits with 1 after an alert", async () => {
  const root = smallRoot({ "proc/meminfo": "MemTotal: 1024 kB\nMemAvailable: 1 kB\n" });
  const watched = await doctor("--root", root, "--watch", "0.001", "--samples", "2", "--need", "1MiB");
  expect(watched.exitCode).toBe(1);
  expect(watched.stdout.match(/^ALERT/gm)).toHaveLength(2);
  const calm = await doctor("--root", root, "--watch", "0.001", "--samples", "2", "--json");
  expect(calm.exitCode).toBe(0);
  expect(
    calm.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown),
  ).toHaveLength(2);
});
