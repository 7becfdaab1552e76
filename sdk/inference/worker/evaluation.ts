import koffi from "koffi";
import { openKnownLibrary } from "./knownLibrary.ts";
import type { Handle } from "./native.ts";

const evaluationCallback = koffi.proto("bool numalab_evaluation(void *tensor, bool isAsked, void *data)");

/** What watches the nodes of a graph; a node is known by its native tensor. */
export interface EvaluationObserver {
  /** Asked of every node in the order in which they are computed; where it is true, the computation stops after the node. */
  isWanted(tensor: Handle): boolean;
  /** Called when a wanted node, and all before it, are computed. */
  take(tensor: Handle): void;
}

/** A native function for the context's `cb_eval`, valid until it is disposed of. */
export interface Evaluation extends Disposable {
  readonly callback: Handle;
}

/**
 * Makes the function that the engine calls while it computes a graph. It runs on the thread that called the engine, between
 * two parts of the graph, so that each wanted node costs a wake-up of the thread pool.
 */
export function observeEvaluation(observer: EvaluationObserver): Evaluation {
  const callback = koffi.register((tensor: Handle, isAsked: boolean) => {
    if (isAsked) return observer.isWanted(tensor);
    observer.take(tensor);
    return true;
  }, koffi.pointer(evaluationCallback));
  return {
    callback,
    [Symbol.dispose]() {
      koffi.unregister(callback);
    },
  };
}

/**
 * Opens the library's own way from a tensor to its name.
 * @throws {EngineError} `library-mismatch`, `libc-too-old`
 */
export function openTensorNames(folder: string): (tensor: Handle) => string {
  return openKnownLibrary(folder, /^libggml-base\.so$/).func("const char *ggml_get_name(const void *tensor)");
}
