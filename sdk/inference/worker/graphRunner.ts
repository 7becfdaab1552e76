import { EngineError } from "../errors.ts";
import type { RoundsRequest, SessionCalls } from "../sessionProtocol.ts";
import { createGraphLoop, type GraphLoop } from "./graphLoop.ts";
import { loadGraph, type LoadedGraph, tensorsOf, valuesOf } from "./onnxGraph.ts";
import { createRecording, type Recording } from "./recording.ts";
import { serve } from "./serve.ts";

// The process that runs one graph. All times are taken here, while the parent waits.

let graph: LoadedGraph | null = null;
let recording: Recording | null = null;
let loop: GraphLoop | null = null;

function opened<Part>(part: Part | null): Part {
  if (part !== null) return part;
  throw new EngineError(
    "invalid-request",
    "Nothing is open in this worker. Send `open` first, and `carry` for a loop.",
  );
}

async function time({ feeds, outputs, warmupCount, roundsCount }: RoundsRequest): Promise<readonly number[]> {
  const loaded = opened(graph);
  const values = valuesOf(feeds);
  const seconds: number[] = [];
  for (let round = 0; round < warmupCount + roundsCount; round++) {
    const startedAt = performance.now();
    await loaded.run(values, outputs);
    seconds.push((performance.now() - startedAt) / 1000);
  }
  return seconds.slice(warmupCount);
}

const calls: SessionCalls = {
  async open({ setting, modelBytes, isProfiled }) {
    recording = isProfiled ? createRecording() : null;
    graph = await loadGraph(setting, modelBytes, recording?.options);
    recording?.begin();
    const { inputs, outputs, loadSeconds } = graph;
    return { inputs, outputs, loadSeconds };
  },
  run: async ({ feeds, outputs }) => tensorsOf(await opened(graph).run(valuesOf(feeds), outputs), outputs),
  time,
  trace: () => opened(recording).end(opened(graph)),
  carry(request) {
    loop = createGraphLoop(opened(graph), request);
    return null;
  },
  step: (request) => opened(loop).step(request),
  carried: () => opened(loop).carried(),
};

void serve(({ call, request }) => (calls[call as keyof SessionCalls] as (request: unknown) => unknown)(request));
