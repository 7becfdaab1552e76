import type { Warning } from "../errors.ts";

/** Prints exactly one JSON document on standard output. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Prints lines on standard output. */
export function printText(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/** Prints a warning or a note on standard error. */
export function printNote(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Prints each warning on standard error, with its code. */
export function printWarnings(warnings: readonly Warning[]): void {
  for (const { code, message, advice } of warnings) printNote(`warning [${code}]: ${message} ${advice}`);
}

/** One line on standard error that is rewritten as work goes on. Nothing is drawn between two calls: no timer runs beside a measurement. */
export interface StatusLine {
  show(message: string, doneRatio: number | null): void;
  clear(): void;
}

const barWidth = 24;

function barOf(doneRatio: number | null): string {
  if (doneRatio === null) return "";
  const filled = Math.round(Math.min(1, Math.max(0, doneRatio)) * barWidth);
  return `${"█".repeat(filled)}${"░".repeat(barWidth - filled)} ${String(Math.round(doneRatio * 100)).padStart(3)} %  `;
}

/** The status line of this terminal; silent when standard error is not one. */
export function openStatusLine(): StatusLine {
  if (!process.stderr.isTTY) return { show: () => undefined, clear: () => undefined };
  const clear = (): void => {
    process.stderr.write("\r\x1b[2K");
  };
  return {
    show(message, doneRatio) {
      clear();
      process.stderr.write(`${barOf(doneRatio)}${message}`.slice(0, process.stderr.columns - 1));
    },
    clear,
  };
}
