import type { Warning } from "../../errors.ts";
import { EngineError } from "../errors.ts";
import type { CallLine, Driver, DriverCalls, EngineFacts, WorkerCall } from "../protocol.ts";
import type { EngineSetting } from "../setting.ts";
import { openApiDriver } from "./apiDriver.ts";
import { serve } from "./serve.ts";

// The process that computes tokens.

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
  if (setting.driver === "onnx") {
    const { openOnnxDriver } = await import("./onnxDriver.ts");
    return { driver: await openOnnxDriver(setting), warnings: [] };
  }
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

async function answer({ call, request }: WorkerCall, line: CallLine): Promise<unknown> {
  if (call === "open") return open(request as EngineSetting);
  if (opened === null) throw new EngineError("invalid-request", "No model is open in this worker. Send `open` first.");
  const compute = opened.calls[call as keyof DriverCalls] as
    ((request: unknown, line: CallLine) => unknown) | undefined;
  if (compute !== undefined) return compute(request, line);
  const message = `The driver ${opened.facts.driver} cannot do ${call}. Use another driver, or another kind of model.`;
  throw new EngineError("not-supported", message, { facts: { call } });
}

void serve(answer);
