import { readChannels, readOffloads, type Channels, type Offloads } from "./ethtool.ts";
import { isPresent, listNames } from "./files.ts";
import { absent, found, type Reading } from "./reading.ts";

/** The queues and the offloads of a network interface. */
export interface NetworkInterface {
  readonly name: string;
  readonly receiveQueuesCount: Reading<number>;
  readonly sendQueuesCount: Reading<number>;
  /** How many queues of each kind the driver can set up. */
  readonly channels: Reading<Channels>;
  readonly offloads: Reading<Offloads>;
}

const folder = "sys/class/net";
const recorded = absent("a recorded machine cannot be asked by ethtool");

function countQueues(root: string, name: string, kind: "rx" | "tx"): Reading<number> {
  const count = listNames(root, `${folder}/${name}/queues`).filter((queue) => queue.startsWith(`${kind}-`)).length;
  return count > 0 ? found(count) : absent(`there is no ${kind} queue in /${folder}/${name}/queues`);
}

/** The queues and offloads of every network interface, also of those that software makes. */
export function readNetwork(root: string): Promise<NetworkInterface[]> {
  const names = listNames(root, folder).filter((name) => isPresent(root, `${folder}/${name}/queues`));
  return Promise.all(
    names.map(async (name) => ({
      name,
      receiveQueuesCount: countQueues(root, name, "rx"),
      sendQueuesCount: countQueues(root, name, "tx"),
      channels: root === "/" ? await readChannels(name) : recorded,
      offloads: root === "/" ? await readOffloads(name) : recorded,
    })),
  );
}
