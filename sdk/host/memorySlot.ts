/** One slot for a memory module, with what is in it. */
export interface MemorySlot {
  /** As the board's maker names it: `DIMM_A1`. */
  readonly locator: string;
  readonly bank: string;
  /** Null where the slot is empty. */
  readonly sizeBytes: number | null;
  readonly type: string | null;
  /** What the module is made for. */
  readonly ratedTransfersPerSecond: number | null;
  /** What the firmware runs it at. */
  readonly configuredTransfersPerSecond: number | null;
  /** Of the package and the channel, as `P0 A`; null where the maker's names tell none. */
  readonly channel: string | null;
}

/** The memory modules of a host, and whether the firmware says that errors are corrected. */
export interface MemoryModules {
  readonly slots: readonly MemorySlot[];
  readonly hasErrorCorrection: boolean | null;
}

const ownerPattern = /\b(?:CPU|PROC|P|SOCKET|NODE)[ -]?(\d+)/i;
const controllerPattern = /\b(?:CONTROLLER|MC)[ -]?(\d+)/i;
const channelPatterns = [/CHANNEL[ -]?([A-Z0-9]+)/i, /\bCH[ -]?([A-Z0-9])\b/i, /DIMM[ -]?([A-Z])\d*\b/i];

/** The channel that the names of a slot tell; null where they only count slots. */
export function channelOf(locator: string, bank: string): string | null {
  const text = `${locator} ${bank}`.replaceAll("_", " ");
  const channel = channelPatterns.map((pattern) => pattern.exec(text)?.[1]).find((name) => name !== undefined);
  if (channel === undefined) return null;
  const controller = controllerPattern.exec(text)?.[1];
  const names = [
    `P${ownerPattern.exec(text)?.[1] ?? "0"}`,
    controller === undefined ? null : `MC${controller}`,
    channel,
  ];
  return names
    .filter((name) => name !== null)
    .join(" ")
    .toUpperCase();
}
