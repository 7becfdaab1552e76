/** What one memory slot says in the firmware's tables. */
interface SlotSpec {
  readonly locator: string;
  readonly bank?: string;
  readonly sizeMebibytes: number;
  readonly rated?: number;
  readonly configured?: number;
}

/** A structure of the tables: its type, its bytes after the head, its texts. */
export function structureOf(type: number, body: Buffer, texts: readonly string[] = []): Buffer {
  const head = Buffer.from([type, 4 + body.length, 0, 0]);
  return Buffer.concat([
    head,
    body,
    Buffer.from(texts.map((text) => `${text}\0`).join("") || "\0", "latin1"),
    Buffer.from("\0"),
  ]);
}

/** A memory array of the system: 3 corrects nothing, 6 corrects several bits. */
export function arrayOf(correction: number): Buffer {
  const body = Buffer.alloc(0x17 - 4);
  body[0x05 - 4] = 3;
  body[0x06 - 4] = correction;
  return structureOf(16, body);
}

/** A memory device as version 3.3 of the standard lays it out. */
export function deviceOf({ locator, bank = "", sizeMebibytes, rated = 0, configured = 0 }: SlotSpec): Buffer {
  const body = Buffer.alloc(0x5c - 4);
  const isLarge = sizeMebibytes >= 0x7fff;
  body.writeUInt16LE(isLarge ? 0x7fff : sizeMebibytes, 0x0c - 4);
  if (isLarge) body.writeUInt32LE(sizeMebibytes, 0x1c - 4);
  body[0x10 - 4] = 1;
  body[0x11 - 4] = bank === "" ? 0 : 2;
  body[0x12 - 4] = 0x22;
  body.writeUInt16LE(rated > 0xfffe ? 0xffff : rated, 0x15 - 4);
  if (rated > 0xfffe) body.writeUInt32LE(rated, 0x54 - 4);
  body.writeUInt16LE(configured, 0x20 - 4);
  return structureOf(17, body, bank === "" ? [locator] : [locator, bank]);
}

/** The end of the tables. */
export const endOfTable = structureOf(127, Buffer.alloc(0));
