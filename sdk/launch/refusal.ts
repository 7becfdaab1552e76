/** Why a program cannot be started behind a prefix. */
export interface Refusal {
  /** True when the tool itself is not installed. */
  readonly isMissing: boolean;
  /** The first line that it said. */
  readonly line: string;
}

/** Starts `true` behind the prefix and tells why this machine refused; null when it did not. */
export async function probeRefusal(prefix: readonly string[]): Promise<Refusal | null> {
  const [file, ...args] = [...prefix, "true"];
  const { execa } = await import("execa");
  const result = await execa(file, args, { reject: false, stdin: "ignore" });
  if (!result.failed) return null;
  const [firstLine = ""] = result.stderr.trim().split("\n");
  return { isMissing: result.code === "ENOENT", line: firstLine === "" ? (result.shortMessage ?? "") : firstLine };
}
