import type { MimeBundle } from "./cell.ts";

/** How a value is shown. */
export interface DisplayOptions {
  /** Whether the value is a MIME bundle already. Default false. */
  readonly raw?: boolean;
  /** A name under which it can be replaced later, from any cell. Default: a new one. */
  readonly displayId?: string;
  readonly metadata?: MimeBundle;
}

/** Something shown, which can be replaced. */
export interface DisplayHandle {
  readonly displayId: string;
  /** Shows another value in the same place. */
  update(value: unknown, options?: Pick<DisplayOptions, "raw" | "metadata">): void;
}

/** Shows values in the cell's output. */
export interface Display {
  (value: unknown, options?: DisplayOptions): DisplayHandle;
  html(text: string): DisplayHandle;
  svg(text: string): DisplayHandle;
  markdown(text: string): DisplayHandle;
  json(value: unknown): DisplayHandle;
}

/** One end of a channel between a cell and a widget of the front end. */
export interface Comm {
  readonly commId: string;
  readonly targetName: string;
  send(data: unknown): void;
  close(data?: unknown): void;
  onMessage(listener: (data: unknown) => void): void;
  onClose(listener: (data: unknown) => void): void;
}

/** Where the program of the cells runs: read from /proc, never from what was asked for. */
export interface ExecutorBinding {
  readonly processId: number;
  /** The command that it was started with, such as `numactl --all -C 0-3 -m 0`; empty when unbound. */
  readonly command: readonly string[];
  /** The CPUs it may use, as a cpulist; null where /proc does not tell. */
  readonly cpus: string | null;
}

/** What a cell may choose about where cells run; an empty object binds nothing. */
export interface BindingRequest {
  readonly nodeIndex?: number;
  /** As a cpulist. */
  readonly cpus?: string;
}

/** The settings of this kernel. */
export interface KernelControl {
  /** Whether type errors are ignored, shown beside the run, or keep a cell from running. Default "warn". */
  typeChecking: "off" | "warn" | "error";
  /** Whether each cell tells how long it ran. Default false. */
  showTime: boolean;
  /** Seconds that the last finished cell ran; null before there is one. */
  readonly lastCellSeconds: number | null;
  readonly binding: ExecutorBinding;
  /** After this cell, a fresh executor without variables, bound as asked; the same binding when nothing is. */
  restart(binding?: BindingRequest): void;
  /** Lets front ends open comms of this name. */
  registerTarget(targetName: string, onOpen: (comm: Comm, data: unknown) => void): void;
  /** Opens a comm to the front end. */
  openComm(targetName: string, data?: unknown): Comm;
}

/** What every cell finds without importing it. */
export interface CellGlobals {
  readonly display: Display;
  readonly clearOutput: (options?: { readonly wait?: boolean }) => void;
  /** Asks the person at the front end for a line of text. */
  readonly prompt: (text?: string) => string;
  /** Shows text in the front end's pager. */
  readonly page: (text: string) => void;
  readonly kernel: KernelControl;
}
