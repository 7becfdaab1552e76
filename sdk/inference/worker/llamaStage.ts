import { topTokenOf } from "../logits.ts";
import type { StageAnswer, StageRequest } from "../protocol.ts";
import { type BatchEntry, createBatch, floatsAt } from "./batch.ts";
import { openKnownLibrary } from "./knownLibrary.ts";
import type { Session } from "./llamaSession.ts";
import type { Handle } from "./native.ts";

/** The calls that give the hidden states between two layers, of llama.cpp v0.4.0 (src/llama-ext.h, commit 80fb11a), in C++. */
interface LayerInputCalls {
  readonly keep: (context: Handle, layerIndex: number, isKept: boolean) => void;
  readonly read: (context: Handle, layerIndex: number) => Handle;
}

function openLayerInputs(folder: string): LayerInputCalls {
  const llama = openKnownLibrary(folder, /^libllama\.v[\d.]+\.so$/);
  return {
    keep: llama.func("_Z30llama_set_embeddings_layer_inpP13llama_contextjb", "void", ["void *", "uint32_t", "bool"]),
    read: llama.func("_Z30llama_get_embeddings_layer_inpP13llama_contextj", "void *", ["void *", "uint32_t"]),
  };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength).slice();

const floatsOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Float32Array =>
  new Float32Array(buffer, byteOffset, byteLength / Float32Array.BYTES_PER_ELEMENT);

/** Rows of one sequence; only the last may have an output, and none has where hidden states are wanted. */
function entriesOf({ sequenceIndex, startPosition, input, output }: StageRequest): BatchEntry[] {
  const tokens = "tokens" in input ? input.tokens : new Array<number>(input.rowsCount).fill(0);
  return tokens.map((token, at) => ({
    token,
    position: startPosition + at,
    sequenceIndex,
    hasOutput: typeof output === "string" && at === tokens.length - 1,
  }));
}

function compute(session: Session, { input }: StageRequest, entries: readonly BatchEntry[]): void {
  using batch = createBatch(session, entries.length, "states" in input ? floatsOf(input.states) : null);
  batch.compute(entries);
}

/** Sends rows through the layers of this model, which keeps what it knows of each sequence. */
export function stageOf(session: Session, librariesFolder: string): (request: StageRequest) => StageAnswer {
  const { llama, context, embeddingSize, vocabulary } = session;
  const kept = new Set<number>();
  let calls: LayerInputCalls | null = null;
  const layerInputs = (): LayerInputCalls => (calls ??= openLayerInputs(librariesFolder));
  const outputOf = (request: StageRequest, rowsCount: number): Uint8Array | number => {
    const { output } = request;
    if (typeof output === "object") {
      return bytesOf(floatsAt(layerInputs().read(context, output.layerIndex), rowsCount * embeddingSize));
    }
    const logits = floatsAt(llama.llama_get_logits_ith(context, -1), vocabulary.tokensCount);
    return output === "token" ? topTokenOf(logits) : bytesOf(logits);
  };
  return (request) => {
    const startedAt = performance.now();
    const { output, sequenceIndex, startPosition } = request;
    if (typeof output === "object" && !kept.has(output.layerIndex)) {
      layerInputs().keep(context, output.layerIndex, true);
      kept.add(output.layerIndex);
    }
    llama.llama_memory_seq_rm(llama.llama_get_memory(context), sequenceIndex, startPosition, -1);
    const entries = entriesOf(request);
    compute(session, request, entries);
    return { output: outputOf(request, entries.length), seconds: (performance.now() - startedAt) / 1000 };
  };
}
