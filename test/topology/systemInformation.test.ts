import { expect, test } from "vitest";
import { probeTopology } from "../../sdk/topology/probe.ts";
import { readSystemInformation } from "../../sdk/topology/systemInformation.ts";

test.runIf(process.platform === "linux")("the library's memory is that of /proc, and it names the system", async () => {
  const [told, topology] = [await readSystemInformation(), await probeTopology()];
  expect(told.memoryBytes).toBe(topology.memoryBytes);
  expect(told.operatingSystem).toBeTruthy();
});
