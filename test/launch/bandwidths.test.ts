import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readNodeBandwidths } from "../../sdk/launch/index.ts";
import { fourNodes } from "./fourNodes.ts";

test("the bandwidth of a node is what the nearest CPUs get, where firmware states it", async () => {
  const root = await mkdtemp(join(tmpdir(), "numalab-bandwidths-"));
  const state = async (node: number, access: string, mebibytes: string) => {
    const folder = join(root, `sys/devices/system/node/node${node}/${access}/initiators`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "read_bandwidth"), `${mebibytes}\n`);
  };
  await state(0, "access0", "100");
  await state(1, "access0", "400");
  await state(1, "access1", "131");
  await state(2, "access0", "0");
  const bandwidths = readNodeBandwidths({ ...fourNodes, root });
  await rm(root, { recursive: true });
  expect(bandwidths).toEqual({ 0: 100 * 2 ** 20, 1: 131 * 2 ** 20 });
});
