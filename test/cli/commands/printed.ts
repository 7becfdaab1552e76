import type { Command } from "commander";
import { vi } from "vitest";

/** What a command prints on standard output, and the exit code it leaves; its error where it ends in one. */
export async function printedBy(command: Command, args: readonly string[]) {
  const texts: string[] = [];
  const out = vi.spyOn(process.stdout, "write").mockImplementation((text) => texts.push(String(text)) > 0);
  const notes = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  try {
    const error = await command.parseAsync(args, { from: "user" }).then(
      () => null,
      (reason: unknown) => (reason instanceof Error ? String(reason) : "not an error"),
    );
    return { stdout: texts.join(""), exitCode: process.exitCode ?? 0, error };
  } finally {
    process.exitCode = undefined;
    out.mockRestore();
    notes.mockRestore();
  }
}
