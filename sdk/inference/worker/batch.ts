import koffi from "koffi";
import { assertDecoded, type Session } from "./llamaSession.ts";
import type { Handle } from "./native.ts";

/** One token of a batch: where it stands, in which sequence, and whether what follows it is asked for. */
export interface BatchEntry {
  readonly token: number;
  readonly position: number;
  readonly sequenceIndex: number;
  readonly hasOutput: boolean;
}

/** Room for tokens of several sequences that are computed together. */
export interface Batch extends Disposable {
  /**
   * Computes the entries, after those that the context already holds.
   * @throws {EngineError} `decode-failed`, `aborted`
   */
  compute(entries: readonly BatchEntry[]): void;
}

/** The numbers that a native pointer points to, valid until the next computation. */
export function floatsAt(pointer: Handle, count: number): Float32Array {
  return new Float32Array(koffi.view(pointer, count * Float32Array.BYTES_PER_ELEMENT));
}

/** Makes room for so many tokens; hidden states, where they are given, stand in the place of these, one for each. */
export function createBatch({ llama, context }: Session, capacity: number, states: Float32Array | null = null): Batch {
  const batch = llama.llama_batch_init(capacity, states === null ? 0 : states.length / capacity, 1);
  const integersAt = (pointer: Handle, count: number): Int32Array => new Int32Array(koffi.view(pointer, count * 4));
  const tokens = states === null ? integersAt(batch["token"], capacity) : null;
  if (states !== null) floatsAt(batch["embd"], states.length).set(states);
  const positions = integersAt(batch["pos"], capacity);
  const sequences = (koffi.decode(batch["seq_id"], koffi.array("void *", capacity)) as Handle[]).map((pointer) =>
    integersAt(pointer, 1),
  );
  const outputs = new Int8Array(koffi.view(batch["logits"], capacity));
  integersAt(batch["n_seq_id"], capacity).fill(1);
  return {
    compute(entries) {
      entries.forEach(({ token, position, sequenceIndex, hasOutput }, at) => {
        if (tokens !== null) tokens[at] = token;
        positions[at] = position;
        sequences[at]?.fill(sequenceIndex);
        outputs[at] = hasOutput ? 1 : 0;
      });
      assertDecoded(llama.llama_decode(context, { ...batch, n_tokens: entries.length }), entries.length);
      llama.llama_synchronize(context);
    },
    [Symbol.dispose]() {
      llama.llama_batch_free(batch);
    },
  };
}
