import { askProgram } from "./program.ts";
import { absent, found, mapped, type Reading } from "./reading.ts";

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

/** The kinds of queues that a driver sets up, those that it has not left out: `combined` ones receive and send. */
export type Channels = Readonly<Partial<Record<ChannelKind, ChannelCount>>>;

/** A kind of queues, by ethtool's name. */
export type ChannelKind = "combined" | "rx" | "tx";

/** How many queues there are, and how many there can be. */
export interface ChannelCount {
  readonly nowCount: number;
  readonly mostCount: number;
}

/** What ethtool can change of an interface, by its own names. */
export type NetworkParameter = keyof Offloads | ChannelKind;

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

/** The queues in what `ethtool -l` prints: first how many there can be, then how many there are. */
export function parseChannels(text: string): Channels {
  const kinds: readonly ChannelKind[] = ["combined", "rx", "tx"];
  const entries = kinds.flatMap((kind) => {
    const [most, now] = [...text.matchAll(new RegExp(`^${kind}:\\s+(\\d+)$`, "gim"))].map(([, digits]) =>
      Number(digits),
    );
    return most === undefined || now === undefined ? [] : [[kind, { nowCount: now, mostCount: most }] as const];
  });
  return Object.fromEntries(entries);
}

/** The offloads of an interface of this machine, or why they are not known. */
export const readOffloads = async (name: string): Promise<Reading<Offloads>> =>
  mapped(await askProgram("ethtool", ["-k", name]), parseOffloads);

/** The queues of an interface of this machine, or why they are not known. */
export const readChannels = async (name: string): Promise<Reading<Channels>> =>
  mapped(await askProgram("ethtool", ["-l", name]), parseChannels);

const isOffload = (parameter: NetworkParameter): parameter is keyof Offloads =>
  parameter === "gro" || parameter === "lro";

async function readOffload(name: string, parameter: keyof Offloads): Promise<Reading<string>> {
  const told = await readOffloads(name);
  if (told.reason !== null) return told;
  const offload = told.value[parameter];
  return offload === null ? absent(`the driver of ${name} tells no ${parameter}`) : found(offload.isOn ? "on" : "off");
}

async function readChannel(name: string, kind: ChannelKind): Promise<Reading<string>> {
  const told = await readChannels(name);
  if (told.reason !== null) return told;
  const channel = told.value[kind];
  return channel === undefined
    ? absent(`the driver of ${name} has no ${kind} queues`)
    : found(String(channel.nowCount));
}

/** What a parameter of an interface says now, in the words in which it can be written back. */
export const readParameter = (name: string, parameter: NetworkParameter): Promise<Reading<string>> =>
  isOffload(parameter) ? readOffload(name, parameter) : readChannel(name, parameter);

/**
 * The arguments by which ethtool changes a parameter of an interface.
 * @see https://man7.org/linux/man-pages/man8/ethtool.8.html -K and -L
 */
export const argumentsFor = (name: string, parameter: NetworkParameter, text: string): readonly string[] => [
  isOffload(parameter) ? "-K" : "-L",
  name,
  parameter,
  text,
];
