import { expect, test } from "vitest";
import { auditHost, type HostAudit } from "../../sdk/host/audit.ts";
import type { DesiredNetwork } from "../../sdk/host/desired.ts";
import type { Channels } from "../../sdk/host/ethtool.ts";
import { formatPlan } from "../../sdk/host/format.ts";
import type { NetworkInterface } from "../../sdk/host/network.ts";
import { planTuning } from "../../sdk/host/plan.ts";
import { absent, found } from "../../sdk/host/reading.ts";
import { refusalOf, tunableRoot } from "./tunableMachine.ts";

const paired: Channels = { combined: { nowCount: 8, mostCount: 16 }, rx: { nowCount: 0, mostCount: 16 } };
const interfaceWith = (changed: Partial<NetworkInterface> = {}): NetworkInterface => ({
  name: "eth0",
  receiveQueuesCount: found(8),
  sendQueuesCount: found(8),
  channels: found(paired),
  offloads: found({ lro: { isOn: false, isFixed: true }, gro: { isOn: true, isFixed: false } }),
  ...changed,
});

async function planned(desired: DesiredNetwork, changed?: Partial<NetworkInterface>) {
  const audit: HostAudit = { ...(await auditHost({ root: tunableRoot() })), network: [interfaceWith(changed)] };
  return planTuning({ network: desired }, audit);
}

const eth0 = { interfaces: ["eth0"] };
const actionsOf = async (...args: Parameters<typeof planned>) =>
  (await planned(...args)).steps.map(({ path, action, now, wanted, reason }) => [path, action, now, wanted, reason]);

test("queues and offloads of an interface are set by ethtool", async () => {
  expect(formatPlan(await planned({ ...eth0, queuesCount: 2, lro: "off", gro: "off" }))).toMatchInlineSnapshot(`
    "change      queuesCount of eth0: 8 → 2
                why    each queue is served by a CPU of its own: fewer leave more CPUs undisturbed, more share the packets out
                costs  the link pauses for a moment, and the driver may ask for new interrupts: place those afterwards
                lasts  until the next start; to keep it: a udev rule or a unit that runs ethtool -L eth0 combined 2 at each start
    as wanted   lro of eth0: off
    change      gro of eth0: on → off
                why    no packet waits for the next one
                costs  large transfers take several times the CPU time
                lasts  until the next start; to keep it: a udev rule or a unit that runs ethtool -K eth0 gro off at each start"
  `);
});

test("queues that are not paired are set for each direction", async () => {
  const channels = found({ rx: { nowCount: 4, mostCount: 4 }, tx: { nowCount: 1, mostCount: 4 } });
  expect(await actionsOf({ ...eth0, queuesCount: 4 }, { channels })).toEqual([
    ["ethtool:eth0/rx", "none", "4", "4", null],
    ["ethtool:eth0/tx", "write", "1", "4", null],
  ]);
});

test("what the driver does not permit is impossible, and says why", async () => {
  expect(await actionsOf({ ...eth0, queuesCount: 64, lro: "on" })).toEqual([
    ["ethtool:eth0/combined", "impossible", "8", "64", "eth0 can have at most 16 (combined)"],
    ["ethtool:eth0/lro", "impossible", "off", "on", "the driver of eth0 says that lro is fixed"],
  ]);
  const untold = { channels: found({}), offloads: found({ lro: null, gro: null }) };
  expect(await actionsOf({ ...eth0, queuesCount: 1, gro: "on" }, untold)).toEqual([
    ["ethtool:eth0/combined", "impossible", null, "1", "the driver of eth0 tells no queues"],
    ["ethtool:eth0/gro", "impossible", null, "on", "the driver of eth0 tells no gro"],
  ]);
});

test("without ethtool nothing of it can be set, and says so", async () => {
  const reason = "ethtool is not installed (apt install ethtool)";
  const without = { channels: absent(reason), offloads: absent(reason) };
  expect(await actionsOf({ ...eth0, queuesCount: 1, gro: "off" }, without)).toEqual([
    ["ethtool:eth0/combined", "impossible", null, "1", reason],
    ["ethtool:eth0/gro", "impossible", null, "off", reason],
  ]);
});

test("all interfaces are those on a bus; any other is chosen by name", async () => {
  expect((await planned({ interfaces: "all", gro: "off" })).steps).toEqual([]);
  expect(await refusalOf(() => planned({ interfaces: ["eth9"], gro: "off" }), "<none>")).toMatchInlineSnapshot(
    `"HostError [no-such-device]: No network interface is named "eth9"; there are eth0. Name one as an audit lists them."`,
  );
});
