import { once } from "node:events";
import { createInterface } from "node:readline";
import { setImmediate } from "node:timers/promises";
import type { Warning } from "../../errors.ts";
import { EngineError } from "../errors.ts";
import type { CallLine, Driver, EngineFacts, WorkerCall, WorkerLine, WorkerReply } from "../protocol.ts";
import type { EngineSetting } from "../setting.ts";
import { openApiDriver } from "./apiDriver.ts";
import { errorReplyOf } from "./errorReply.ts";

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
  const loadSeconds = (performance.now() - startedAt) / 1000;
  const check = driver.checkOutput();
  return { ...driver.facts, ...check, loadSeconds, warnings: [...warnings, ...check.warnings] };
}

type Call = Exclude<WorkerCall, { readonly call: "cancel" }>;

async function answer(call: Call, signal: AbortSignal): Promise<unknown> {
  if (call.call === "open") return open(call.request);
  if (opened === null) throw new EngineError("invalid-request", "No model is open in this worker. Send `open` first.");
  const compute = opened.calls[call.call] as ((request: unknown, line: CallLine) => unknown) | undefined;
  if (compute !== undefined) return compute(call.request, { tell, signal, listen });
  const message = `The driver ${opened.facts.driver} cannot do ${call.call}. Use the driver llama.`;
  throw new EngineError("not-supported", message, { facts: { call: call.call } });
}

function write(line: WorkerLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const tell = (part: unknown): void => {
  write({ part });
};

async function listen(): Promise<void> {
  if (process.stdout.writableNeedDrain) await once(process.stdout, "drain");
  await setImmediate();
}

/** Answers calls in their order; a cancellation does not wait for its turn. */
function createAnswering(): (line: string) => Promise<void> {
  let cancellation = new AbortController();
  let answered = Promise.resolve();
  return (line) => {
    const call = JSON.parse(line) as WorkerCall;
    if (call.call === "cancel") {
      cancellation.abort();
      return answered;
    }
    const { signal } = (cancellation = new AbortController());
    answered = answered
      .then(() => answer(call, signal))
      .then(
        (result): WorkerReply => ({ result }),
        (cause: unknown) => errorReplyOf(cause, "decode-failed"),
      )
      .then(write);
    return answered;
  };
}

async function serve(): Promise<void> {
  // Best effort: where native calls are impossible the closed pipe remains.
  await import("./native.ts").then(
    ({ dieWithParent }) => {
      dieWithParent();
    },
    () => undefined,
  );
  const receive = createAnswering();
  let answered = Promise.resolve();
  const lines = createInterface({ input: process.stdin });
  lines.on("line", (line) => {
    answered = receive(line);
  });
  lines.on("close", () => void answered.then(() => process.exit(0)));
}

void serve();
