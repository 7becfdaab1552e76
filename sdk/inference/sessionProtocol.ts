import type { Tensor, ValueInfo } from "../onnx/index.ts";
import type { SessionSetting } from "./sessionSetting.ts";

/** What is known of a graph once it is loaded. */
export interface OpenedSession {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  /** From the file, or the bytes, to a graph that can run; without the start of the process and of onnxruntime. */
  readonly loadSeconds: number;
}

/** A request for some outputs of a graph, by name. */
export interface RunRequest {
  readonly feeds: readonly Tensor[];
  readonly outputs: readonly string[];
}

/** A request for the time of the same run, again and again. */
export interface RoundsRequest extends RunRequest {
  readonly warmupCount: number;
  readonly roundsCount: number;
}

/** What a loop carries from one step to the next. */
export interface CarryRequest {
  /** The input that each output becomes, by the output's name. */
  readonly carry: Readonly<Record<string, string>>;
  /** The carried inputs of the first step. */
  readonly initial: readonly Tensor[];
}

/** A request for steps of the loop. */
export interface StepsRequest {
  /** What is fed to each step beside what is carried. */
  readonly batches: readonly (readonly Tensor[])[];
  /** What each step gives. */
  readonly outputs: readonly string[];
}

/** What can be asked of a worker that runs a graph. */
export interface SessionCalls {
  open(request: {
    readonly setting: SessionSetting;
    readonly modelBytes: Uint8Array | null;
    readonly isProfiled: boolean;
  }): Promise<OpenedSession>;
  run(request: RunRequest): Promise<readonly Tensor[]>;
  /** The seconds of each round. */
  time(request: RoundsRequest): Promise<readonly number[]>;
  /** Ends the profile of a session that was opened with one, and gives the trace that onnxruntime wrote. */
  trace(request: null): Uint8Array;
  carry(request: CarryRequest): null;
  step(request: StepsRequest): Promise<readonly (readonly Tensor[])[]>;
  /** The inputs of the next step that are carried. */
  carried(request: null): readonly Tensor[];
}
