import { listNames } from "./files.ts";
import type { HostDevice } from "./device.ts";
import { absent, found, type Reading } from "./reading.ts";

/** What a network interface does by itself with large packets; null where the driver does not say. */
export interface Offloads {
  readonly lro: Offload | null;
  readonly gro: Offload | null;
}

/** Whether an offload is on, and whether it can be changed. */
export interface Offload {
  readonly isOn: boolean;
  readonly isFixed: boolean;
}

/** The queues and the offloads of a network interface. */
export interface NetworkInterface {
  readonly name: string;
  readonly receiveQueuesCount: Reading<number>;
  readonly sendQueuesCount: Reading<number>;
  readonly offloads: Reading<Offloads>;
}

function parseOffload(text: string, name: string): Offload | null {
  const [, state, fixed] = new RegExp(`^\\s*${name}: (on|off)( \\[fixed\\])?`, "m").exec(text) ?? [];
  return state === undefined ? null : { isOn: state === "on", isFixed: fixed !== undefined };
}

/** The offloads in what `ethtool -k` prints. */
export function parseOffloads(text: string): Offloads {
  return {
    lro: parseOffload(text, "large-receive-offload"),
    gro: parseOffload(text, "generic-receive-offload"),
  };
}

async function readOffloads(root: string, name: string): Promise<Reading<Offloads>> {
  if (root !== "/") return absent("a recorded machine cannot be asked by ethtool");
  const { execa } = await import("execa");
  const asked = await execa("ethtool", ["-k", name], { reject: false, stdin: "ignore" });
  if (!asked.failed) return found(parseOffloads(asked.stdout));
  const isMissing = asked.code === "ENOENT";
  return absent(isMissing ? "ethtool is not installed (apt install ethtool)" : asked.stderr.split("\n", 1).join(""));
}

function countQueues(root: string, name: string, kind: "rx" | "tx"): Reading<number> {
  const folder = `sys/class/net/${name}/queues`;
  const count = listNames(root, folder).filter((queue) => queue.startsWith(`${kind}-`)).length;
  return count > 0 ? found(count) : absent(`there is no ${kind} queue in /${folder}`);
}

/** The queues and offloads of those devices that are network interfaces. */
export function readNetwork(root: string, devices: readonly HostDevice[]): Promise<NetworkInterface[]> {
  const names = devices.flatMap(({ kind, name }) => (kind === "nic" ? [name] : []));
  return Promise.all(
    names.map(async (name) => ({
      name,
      receiveQueuesCount: countQueues(root, name, "rx"),
      sendQueuesCount: countQueues(root, name, "tx"),
      offloads: await readOffloads(root, name),
    })),
  );
}
