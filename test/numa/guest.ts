import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { inject } from "vitest";
import { type MachineSpec, machineCommand } from "./machine.ts";

/** What a guest said, by name. */
export type Facts = ReadonlyMap<string, unknown>;

/** Whether the machines are to be recorded anew, for tests without an emulator. */
export const isRecording = process.env["NUMALAB_RECORD"] !== undefined;

const limitMilliseconds = 240_000;
const factPattern = /#fact (\{.*\})\s*$/;
const shownLines = 30;

/**
 * Boots the machine and gathers what its scenario says until it powers off. It dies with this process, which ends itself
 * when the one that runs all tests is gone.
 */
export async function runGuest(spec: MachineSpec): Promise<Facts> {
  const words = [spec.kernelWords ?? "", isRecording ? "record" : ""].join(" ");
  const command = machineCommand({ ...spec, kernelWords: words }, inject("guestImages")[spec.architecture ?? "x64"]);
  const child = spawn("setpriv", ["--pdeathsig", "KILL", ...command], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: limitMilliseconds,
    killSignal: "SIGKILL",
  });
  const quit = () => process.exit(1);
  process.once("disconnect", quit);
  const ended = new Promise<string>((resolve) =>
    child.on("close", (code, signal) => {
      resolve(signal ?? String(code));
    }),
  );
  const facts = new Map<string, unknown>();
  const others: string[] = [];
  child.stderr.on("data", (text: Buffer) => others.push(String(text)));
  for await (const line of createInterface({ input: child.stdout })) {
    const [, fact] = factPattern.exec(line) ?? [];
    if (fact === undefined) {
      others.push(line);
      continue;
    }
    const { name, value } = JSON.parse(fact) as { name: string; value: unknown };
    facts.set(name, value);
    if (name === "error") others.push(String(value));
  }
  const end = await ended;
  process.off("disconnect", quit);
  if (facts.has("finished")) return facts;
  throw new Error(`${spec.name} ended with ${end}. Its last words:\n${others.slice(-shownLines).join("\n")}`);
}
