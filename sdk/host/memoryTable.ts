import { parseDmi, type DmiStructure } from "./dmi.ts";
import { channelOf, type MemoryModules, type MemorySlot } from "./memorySlot.ts";

/** Numbers of SMBIOS for the types that a machine of today may have. */
const typeNames: Readonly<Record<number, string>> = {
  0x18: "DDR3",
  0x1a: "DDR4",
  0x1b: "LPDDR",
  0x1c: "LPDDR2",
  0x1d: "LPDDR3",
  0x1e: "LPDDR4",
  0x20: "HBM",
  0x21: "HBM2",
  0x22: "DDR5",
  0x23: "LPDDR5",
  0x24: "HBM3",
};

const mega = 1e6;
const wordAt = (bytes: Buffer, at: number) => (at + 2 <= bytes.length ? bytes.readUInt16LE(at) : 0);
const longAt = (bytes: Buffer, at: number) => (at + 4 <= bytes.length ? bytes.readUInt32LE(at) : 0);
const byteAt = (bytes: Buffer, at: number) => (at < bytes.length ? bytes.readUInt8(at) : 0);

/** Mebibytes, or kibibytes with the highest bit; 0x7FFF says that the size stands in a longer field. */
function sizeBytesOf(bytes: Buffer): number | null {
  const word = wordAt(bytes, 0x0c);
  if (word === 0 || word === 0xffff) return null;
  if (word === 0x7fff) return (longAt(bytes, 0x1c) & 0x7fffffff) * 2 ** 20;
  return (word & 0x7fff) * (word & 0x8000 ? 2 ** 10 : 2 ** 20);
}

/** Mega-transfers a second; 0xFFFF says that the figure stands in a longer field. */
function transfersOf(bytes: Buffer, at: number, longAtOffset: number): number | null {
  const word = wordAt(bytes, at);
  const value = word === 0xffff ? longAt(bytes, longAtOffset) : word;
  return value === 0 ? null : value * mega;
}

function slotOf({ bytes, texts }: DmiStructure): MemorySlot {
  const textAt = (at: number) => texts[byteAt(bytes, at) - 1]?.trim() ?? "";
  const [locator, bank] = [textAt(0x10), textAt(0x11)];
  return {
    locator,
    bank,
    sizeBytes: sizeBytesOf(bytes),
    type: typeNames[byteAt(bytes, 0x12)] ?? null,
    ratedTransfersPerSecond: transfersOf(bytes, 0x15, 0x54),
    configuredTransfersPerSecond: transfersOf(bytes, 0x20, 0x58),
    channel: channelOf(locator, bank),
  };
}

/** Of a memory array: 3 none, 5 single-bit, 6 multi-bit; the others do not tell. */
function correctionOf(structures: readonly DmiStructure[]): boolean | null {
  const isSystemMemory = ({ type, bytes }: DmiStructure) => type === 16 && byteAt(bytes, 0x05) === 3;
  const kinds = structures.filter(isSystemMemory).map(({ bytes }) => byteAt(bytes, 0x06));
  if (kinds.some((kind) => kind === 5 || kind === 6)) return true;
  return kinds.length > 0 && kinds.every((kind) => kind === 3) ? false : null;
}

/** The memory slots in the firmware's tables. */
export function memoryModulesOf(table: Buffer): MemoryModules {
  const structures = parseDmi(table);
  const slots = structures.filter(({ type }) => type === 17).map(slotOf);
  return { slots, hasErrorCorrection: correctionOf(structures) };
}
