import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readMemoryClaims } from "../../sdk/topology/memoryClaims.ts";
import { writeFiles } from "../machines/files.ts";

const node = "sys/devices/system/node/node0";

function claimsOf(files: Readonly<Record<string, string>>) {
  const root = mkdtempSync(join(tmpdir(), "numalab-claims-"));
  writeFiles(new Map(Object.entries(files)), root);
  return readMemoryClaims({ root, numaNodes: [{ osIndex: 0, cpus: "0", memoryBytes: null, availableBytes: null }] });
}

test("claims are in base units, and an absent or zero figure is none", () => {
  const folder = `${node}/access0/initiators`;
  const claims = claimsOf({
    [`${folder}/read_bandwidth`]: "2048",
    [`${folder}/write_bandwidth`]: "0",
    [`${folder}/read_latency`]: "100",
    [`${folder}/node2/cpulist`]: "",
    [`${folder}/node1/cpulist`]: "",
  });
  expect(claims).toEqual([
    {
      nodeIndex: 0,
      fromNodes: "1-2",
      readBandwidthBytesPerSecond: 2 ** 31,
      writeBandwidthBytesPerSecond: null,
      readLatencySeconds: expect.closeTo(1e-7, 12) as number,
      writeLatencySeconds: null,
      reason: null,
    },
  ]);
});

test("what CPUs reach is told rather than what another device reaches", () => {
  const [claim] = claimsOf({
    [`${node}/access0/initiators/read_bandwidth`]: "4096",
    [`${node}/access1/initiators/read_bandwidth`]: "1024",
  });
  expect(claim?.readBandwidthBytesPerSecond).toBe(2 ** 30);
});

test("a node of which firmware states nothing says so", () => {
  const silent = {
    readBandwidthBytesPerSecond: null,
    fromNodes: null,
    reason: expect.stringMatching(/firmware/) as string,
  };
  expect(claimsOf({ [`${node}/cpulist`]: "0" })).toMatchObject([silent]);
  expect(claimsOf({ [`${node}/access0/initiators/read_bandwidth`]: "0" })).toMatchObject([silent]);
});
