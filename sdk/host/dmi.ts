/** One structure of the firmware's tables: its type, its bytes, and the texts that follow them. */
export interface DmiStructure {
  readonly type: number;
  readonly bytes: Buffer;
  readonly texts: readonly string[];
}

const headBytes = 4;
const endOfTable = 127;

/** Where the texts of a structure end: after two NUL bytes. */
function endOfTexts(table: Buffer, start: number): number {
  const end = table.indexOf("\0\0", start, "latin1");
  return end === -1 ? table.length : end + 2;
}

/**
 * The structures of a DMI table as far as it is whole: a table cut off gives those before the cut.
 * @see https://www.dmtf.org/standards/smbios DSP0134, chapter 6
 */
export function parseDmi(table: Buffer): DmiStructure[] {
  const structures: DmiStructure[] = [];
  let start = 0;
  while (start + headBytes <= table.length) {
    const type = table.readUInt8(start);
    const length = table.readUInt8(start + 1);
    if (length < headBytes || start + length > table.length || type === endOfTable) break;
    const textsStart = start + length;
    const end = endOfTexts(table, textsStart);
    const texts = table.toString("latin1", textsStart, end).split("\0");
    const bytes = table.subarray(start, textsStart);
    structures.push({ type, bytes, texts: texts.filter((text) => text !== "") });
    start = end;
  }
  return structures;
}
