import { NumalabError } from "../errors.ts";

/** What can go wrong while a machine is read or its CPUs are chosen. */
export type TopologyErrorCode = "unreadable-root" | "unsupported-platform" | "bad-cpu-list" | "bad-threads-count";

/** Thrown by the topology layer. */
export class TopologyError extends NumalabError<TopologyErrorCode> {}
