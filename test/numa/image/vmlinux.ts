import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

/** How a compressed kernel starts, and what unpacks it. The old form of lz4 ends with four bytes that are no part of it. */
const formats: readonly {
  readonly magic: string;
  readonly command: readonly [string, ...string[]];
  readonly tail: number;
}[] = [
  { magic: "02214c18", command: ["lz4", "-dc"], tail: 4 },
  { magic: "28b52ffd", command: ["zstd", "-dc"], tail: 4 },
  { magic: "fd377a58", command: ["xz", "-dc", "--single-stream"], tail: 4 },
  { magic: "1f8b08", command: ["gzip", "-dc"], tail: 0 },
];

/**
 * Takes the kernel out of a bzImage: without the firmware and the unpacking, an emulated machine starts in a third of the time.
 * @see https://docs.kernel.org/arch/x86/boot.html
 */
export function extractKernel(bzImage: string, target: string): void {
  const image = readFileSync(bzImage);
  const start = (image.readUInt8(0x1f1) + 1) * 512 + image.readUInt32LE(0x248);
  const payload = image.subarray(start, start + image.readUInt32LE(0x24c));
  const format = formats.find(({ magic }) => payload.toString("hex", 0, 4).startsWith(magic));
  if (format === undefined)
    throw new Error(`${bzImage} is compressed in an unknown way: ${payload.toString("hex", 0, 4)}.`);
  const [program, ...args] = format.command;
  const input = payload.subarray(0, payload.length - format.tail);
  const kernel = execFileSync(program, args, { input, maxBuffer: 2 ** 28, stdio: ["pipe", "pipe", "inherit"] });
  if (kernel.toString("latin1", 1, 4) !== "ELF") throw new Error(`${bzImage} holds no ELF file.`);
  writeFileSync(target, kernel);
}
