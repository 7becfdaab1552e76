import { channelOf, type MemoryModules, type MemorySlot } from "./memorySlot.ts";

const units: Readonly<Record<string, number>> = { kB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 };

/** The fields of a block, by name. */
function fieldsOf(block: string): ReadonlyMap<string, string> {
  return new Map([...block.matchAll(/^\t([^\t:][^:\n]*): (.*)$/gm)].map(([, name = "", text = ""]) => [name, text]));
}

function sizeBytesOf(text: string): number | null {
  const [, digits, unit = ""] = /^(\d+) ([kMGT]B)$/.exec(text) ?? [];
  return digits === undefined ? null : Number(digits) * (units[unit] ?? 1);
}

function transfersOf(text: string | undefined): number | null {
  const [, digits] = /^(\d+) (?:MT\/s|MHz)$/.exec(text ?? "") ?? [];
  return digits === undefined ? null : Number(digits) * 1e6;
}

function slotOf(block: string): MemorySlot {
  const fields = fieldsOf(block);
  const [locator, bank] = [fields.get("Locator") ?? "", fields.get("Bank Locator") ?? ""];
  const type = fields.get("Type");
  return {
    locator,
    bank,
    sizeBytes: sizeBytesOf(fields.get("Size") ?? ""),
    type: type === undefined || type === "Unknown" ? null : type,
    ratedTransfersPerSecond: transfersOf(fields.get("Speed")),
    configuredTransfersPerSecond: transfersOf(
      fields.get("Configured Memory Speed") ?? fields.get("Configured Clock Speed"),
    ),
    channel: channelOf(locator, bank),
  };
}

/** The memory slots in what `dmidecode --type memory` prints. */
export function parseDmidecode(text: string): MemoryModules {
  const blocks = text.split(/\n\s*\n/);
  const slots = blocks.filter((block) => /^Memory Device$/m.test(block)).map(slotOf);
  const arrays = blocks.filter((block) => /^Physical Memory Array$/m.test(block)).map(fieldsOf);
  const kinds = arrays
    .filter((fields) => fields.get("Use") === "System Memory")
    .map((fields) => fields.get("Error Correction Type"));
  const corrects = kinds.some((kind) => kind?.endsWith("ECC"));
  const hasNone = kinds.length > 0 && kinds.every((kind) => kind === "None");
  return { slots, hasErrorCorrection: corrects ? true : hasNone ? false : null };
}
