import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { InferenceSession } from "onnxruntime-node";
import type { LoadedGraph } from "./onnxGraph.ts";

/** The trace of a session, in a file that has no name once it is open, so that it is gone with this process. */
export interface Recording {
  /** What the session has to be created with. */
  readonly options: InferenceSession.SessionOptions;
  /** To be called once the session is created. */
  begin(): void;
  end(graph: LoadedGraph): Uint8Array;
}

/** A recording that waits for its session. */
export function createRecording(): Recording {
  const folder = mkdtempSync(join(tmpdir(), "numalab-trace-"));
  let file: number | null = null;
  return {
    options: { enableProfiling: true, profileFilePrefix: join(folder, "trace") },
    begin() {
      const [name = ""] = readdirSync(folder);
      file = openSync(join(folder, name), "r");
      rmSync(folder, { recursive: true });
    },
    end(graph) {
      graph.endProfile();
      const opened = file ?? 0;
      const trace = readFileSync(opened);
      closeSync(opened);
      return trace;
    },
  };
}
