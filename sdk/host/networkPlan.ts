import type { HostAudit } from "./audit.ts";
import { chosenOf } from "./chosen.ts";
import type { DesiredNetwork } from "./desired.ts";
import { argumentsFor, type ChannelKind, type Channels, type NetworkParameter, type Offload } from "./ethtool.ts";
import { explanationOf } from "./explanation.ts";
import type { NetworkInterface } from "./network.ts";
import { parameterPath } from "./programSetting.ts";
import { absent, found, type Reading } from "./reading.ts";
import type { TuningStep } from "./tuning.ts";

/** One parameter of an interface, and why it cannot be what is wanted. */
interface Wish {
  readonly setting: "lro" | "gro" | "queuesCount";
  readonly device: string;
  readonly parameter: NetworkParameter;
  readonly now: Reading<string>;
  readonly wanted: string;
  readonly hindrance: string | null;
}

function stepOf({ setting, device, parameter, now, wanted, hindrance }: Wish): TuningStep {
  const isSet = now.value === wanted;
  const reason = now.reason ?? (isSet ? null : hindrance);
  const action = reason !== null ? "impossible" : isSet ? "none" : "write";
  const command = ["ethtool", ...argumentsFor(device, parameter, wanted)].join(" ");
  return {
    ...{ setting, device, path: parameterPath(device, parameter), now: now.value, wanted, action, reason },
    ...explanationOf(setting, wanted),
    text: action === "write" ? wanted : null,
    needsReboot: false,
    keep: `a udev rule or a unit that runs ${command} at each start`,
  };
}

function offloadWish(setting: "lro" | "gro", wanted: string | undefined, network: NetworkInterface): Wish[] {
  if (wanted === undefined) return [];
  const { name: device, offloads } = network;
  const offload: Offload | null = offloads.value?.[setting] ?? null;
  const untold = absent(offloads.reason ?? `the driver of ${device} tells no ${setting}`);
  const now = offload === null ? untold : found(offload.isOn ? "on" : "off");
  const hindrance = offload?.isFixed === true ? `the driver of ${device} says that ${setting} is fixed` : null;
  return [{ setting, device, parameter: setting, now, wanted, hindrance }];
}

/** The kinds in use: a driver that pairs its queues has combined ones, any other has those that receive and that send. */
function kindsOf(channels: Channels): readonly ChannelKind[] {
  const kinds: readonly ChannelKind[] = (channels.combined?.mostCount ?? 0) > 0 ? ["combined"] : ["rx", "tx"];
  return kinds.filter((kind) => channels[kind] !== undefined);
}

function queueWishes(count: number | undefined, { name: device, channels }: NetworkInterface): Wish[] {
  if (count === undefined) return [];
  const wish = { setting: "queuesCount", device, wanted: String(count) } as const;
  const kinds = channels.value === null ? [] : kindsOf(channels.value);
  if (kinds.length === 0) {
    const now = absent(channels.reason ?? `the driver of ${device} tells no queues`);
    return [{ ...wish, parameter: "combined", now, hindrance: null }];
  }
  return kinds.map((parameter) => {
    const { nowCount = 0, mostCount = 0 } = channels.value?.[parameter] ?? {};
    const hindrance = count > mostCount ? `${device} can have at most ${mostCount} (${parameter})` : null;
    return { ...wish, parameter, now: found(String(nowCount)), hindrance };
  });
}

/** The steps for each chosen network interface: how many queues, and what it does by itself with large packets. */
export function networkSteps(desired: DesiredNetwork | undefined, { network, devices }: HostAudit): TuningStep[] {
  if (desired === undefined) return [];
  const { interfaces, queuesCount, lro, gro } = desired;
  const onBus = devices.filter(({ kind }) => kind === "nic").map(({ name }) => name);
  const chosen = chosenOf(interfaces === "all" ? onBus : interfaces, { items: network, noun: "network interface" });
  return chosen
    .flatMap((one) => [
      ...queueWishes(queuesCount, one),
      ...offloadWish("lro", lro, one),
      ...offloadWish("gro", gro, one),
    ])
    .map(stepOf);
}
