import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openUsageReader } from "../../sdk/launch/usage.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "usage-"));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

interface RecordedProcess {
  readonly groupId: number;
  /** Default: the group. */
  readonly sessionId?: number;
  readonly ticks?: number;
  readonly numaMaps?: string;
}

function record(processId: number, { groupId, sessionId = groupId, ticks = 100, numaMaps }: RecordedProcess): void {
  const folder = join(root, "proc", String(processId));
  mkdirSync(folder, { recursive: true });
  const stat = `${processId} (p) S 1 ${groupId} ${sessionId} 0 -1 0 0 0 0 0 ${ticks} 0 0 0 20 0 2 0 5 6 7\n`;
  writeFileSync(join(folder, "stat"), stat);
  writeFileSync(join(folder, "status"), `VmRSS:\t1024 kB\n`);
  if (numaMaps !== undefined) writeFileSync(join(folder, "numa_maps"), numaMaps);
}

const pages = (node: number, count: number) => `7f0000000000 default anon=1 N${node}=${count} kernelpagesize_kB=4\n`;

test("an instance is its process and all others of its session", async () => {
  record(700, { groupId: 700, numaMaps: pages(0, 30) });
  record(701, { groupId: 701, sessionId: 700, ticks: 250, numaMaps: pages(1, 12) + pages(0, 5) });
  record(702, { groupId: 1, ticks: 9999 });
  const { instances } = await openUsageReader(root)([700]);
  expect(instances).toEqual([
    { processId: 700, cpuSeconds: 3.5, threadsCount: 4, residentBytes: 2 ** 21, pagesByNode: { "0": 35, "1": 12 } },
  ]);
});

test("a process that leads no group is an instance by itself", async () => {
  record(700, { groupId: 1 });
  record(701, { groupId: 1 });
  const { instances } = await openUsageReader(root)([700, 701]);
  expect(instances).toMatchObject([
    { processId: 700, threadsCount: 2 },
    { processId: 701, threadsCount: 2 },
  ]);
});

test("an instance that was started anew is found, as is a process that it starts later", async () => {
  const read = openUsageReader(root);
  record(700, { groupId: 700 });
  record(710, { groupId: 710 });
  record(711, { groupId: 710 });
  await read([700]);
  expect((await read([710])).instances).toMatchObject([{ processId: 710, threadsCount: 4 }]);
  record(712, { groupId: 710 });
  expect((await read([710])).instances).toMatchObject([{ processId: 710, threadsCount: 6 }]);
});

test("an instance that is gone has used what nobody knows", async () => {
  const unknown = { cpuSeconds: null, threadsCount: null, residentBytes: null, pagesByNode: null };
  expect(await openUsageReader(root)([700])).toMatchObject({ instances: [{ processId: 700, ...unknown }], nodes: [] });
});

test("the nodes of the machine are told in order", async () => {
  for (const node of [10, 2]) {
    const folder = join(root, "sys/devices/system/node", `node${node}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "numastat"), `numa_hit ${node}\nnuma_miss 0\nnuma_foreign 0\n`);
  }
  expect((await openUsageReader(root)([])).nodes).toEqual([
    { nodeIndex: 2, hitsCount: 2, missesCount: 0, foreignCount: 0 },
    { nodeIndex: 10, hitsCount: 10, missesCount: 0, foreignCount: 0 },
  ]);
});
