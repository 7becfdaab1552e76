import type { Header } from "../protocol/messages.ts";
import type { Output } from "./output.ts";

/** Tells front ends whether the kernel works. */
export interface Status {
  /** Publishes `busy` for a request. */
  busy(request: Header): void;
  /** Publishes `idle` for a request; while a cell runs, front ends then learn again that the kernel is busy. */
  idle(request: Header): void;
  /** Says which cell runs; null when none does. */
  runs(request: Header | null): void;
}

/** The status of a kernel that starts. */
export function createStatus(output: Output): Status {
  let running: Header | null = null;
  const say = (execution_state: "starting" | "busy" | "idle", parent: Header | null): void =>
    void output.publish("status", { execution_state }, { parent });
  say("starting", null);
  return {
    busy(request) {
      say("busy", request);
    },
    idle(request) {
      say("idle", request);
      if (running !== null && running !== request) say("busy", running);
    },
    runs(request) {
      running = request;
    },
  };
}
