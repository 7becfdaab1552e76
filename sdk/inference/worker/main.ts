import { createInterface } from "node:readline";
import { NumalabError, type Warning } from "../../errors.ts";
import { EngineError } from "../errors.ts";
import type { Driver, EngineFacts, WorkerCall, WorkerReply } from "../protocol.ts";
import type { EngineSetting } from "../setting.ts";
import { openApiDriver } from "./apiDriver.ts";

// The process that computes. One JSON line in, one JSON line out; it ends when its standard input closes, and the
// kernel kills it when its parent dies, because a synchronous native call cannot notice a closed pipe.

function fallbackWarning(cause: unknown): Warning {
  return {
    code: "driver-fallback",
    message: `Direct calls into the engine were refused: ${cause instanceof Error ? cause.message : String(cause)}`,
    advice:
      "Figures of the public calls (driver llama-api) are up to half as high with several threads; install the version that numalab pins.",
  };
}

async function openDriver(
  setting: EngineSetting,
): Promise<{ readonly driver: Driver; readonly warnings: readonly Warning[] }> {
  if (setting.driver === "llama-api") return { driver: await openApiDriver(setting), warnings: [] };
  try {
    const { openLlamaDriver } = await import("./llamaDriver.ts");
    return { driver: openLlamaDriver(setting), warnings: [] };
  } catch (cause) {
    const isRefusal = !(cause instanceof EngineError) || cause.code === "library-mismatch";
    if (setting.driver !== "auto" || !isRefusal) throw cause;
    return { driver: await openApiDriver(setting), warnings: [fallbackWarning(cause)] };
  }
}

let opened: Driver | null = null;

async function open(setting: EngineSetting): Promise<Omit<EngineFacts, "version" | "setting">> {
  const startedAt = performance.now();
  const { driver, warnings } = await openDriver(setting);
  opened = driver;
  return { ...driver.facts, warnings, loadSeconds: (performance.now() - startedAt) / 1000 };
}

async function answer(message: WorkerCall): Promise<unknown> {
  if (message.call === "open") return open(message.request);
  if (opened === null) throw new EngineError("invalid-request", "No model is open in this worker. Send `open` first.");
  if (message.call === "generate") return opened.generate(message.request);
  return opened.run(message.call, message.request);
}

function errorReply(cause: unknown): WorkerReply {
  if (cause instanceof NumalabError) {
    return { error: { code: String(cause.code), message: cause.message, facts: cause.facts } };
  }
  return {
    error: { code: "decode-failed", message: cause instanceof Error ? cause.message : String(cause), facts: {} },
  };
}

async function reply(line: string): Promise<void> {
  const outcome = await answer(JSON.parse(line) as WorkerCall).then((result): WorkerReply => ({ result }), errorReply);
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}

async function serve(): Promise<void> {
  // Best effort: where native calls are impossible the closed pipe remains.
  await import("./native.ts").then(
    ({ dieWithParent }) => {
      dieWithParent();
    },
    () => undefined,
  );
  for await (const line of createInterface({ input: process.stdin })) await reply(line);
  process.exit(0);
}

void serve();
