import { absent, found, type Reading } from "./reading.ts";

/**
 * What a program of this machine prints, or why it prints nothing. Programs of administrators are found too where the PATH of a
 * plain user leaves them out.
 */
export async function askProgram(program: string, args: readonly string[]): Promise<Reading<string>> {
  const { execa } = await import("execa");
  const env = { LC_ALL: "C", PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` };
  const { failed, code, stdout, stderr } = await execa(program, args, { env, reject: false, stdin: "ignore" });
  if (!failed) return found(stdout);
  if (code === "ENOENT") return absent(`${program} is not installed (apt install ${program})`);
  const said = stderr === "" ? stdout : stderr;
  return absent(`${program} says: ${said.split("\n", 1).join("") || "nothing"}`);
}
