import type { Run } from "../../sdk/record/index.ts";

const plain: Run = {
  schema: "run/1",
  id: "r0",
  kind: "decode",
  origin: "measured",
  startedAt: "2026-01-02T03:04:05.000Z",
  study: "s1",
  repetitionIndex: 0,
  randomSeed: 1,
  spec: { threadsCount: 2, cpus: "0-1", promptTokensCount: null, generatedTokensCount: 4, depthTokensCount: 0 },
  plan: {
    instanceIndex: 0,
    cpus: "0-1",
    memoryNodes: "0",
    memoryPolicy: "bind",
    threadsCount: 2,
    bindingWay: "numactl",
    prefix: [],
  },
  binding: null,
  topologyDigest: "t",
  machine: {
    cpuModel: null,
    architecture: "x64",
    packagesCount: 1,
    numaNodesCount: 1,
    coresCount: 2,
    pusCount: 2,
    memoryBytes: null,
    isVirtualMachine: true,
  },
  model: {
    name: "tiny",
    architecture: "llama",
    quant: "Q4_0",
    synthetic: true,
    fileBytes: 1000,
    fileName: null,
    fileDigest: null,
    parametersCount: 100,
    bytesPerToken: 500,
    kvBytesPerToken: 0,
  },
  engine: null,
  software: { numalab: "0.1.0", node: "20", kernel: "6", engineDigest: "e1", lockfileDigest: "l1" },
  environment: null,
  ceilings: { bandwidthBytesPerSecond: 8000, decodeTokensPerSecond: 16, source: "measured", reason: null },
  samples: { tokenSeconds: [0.1, 0.2, 0.3, 0.5], bytesPerSecond: null },
  warnings: [],
};

/** A decode of 4 tokens in half a second, 8 tokens/s, on two threads, where 16 tokens/s are possible. */
export function decodeRun(changes: Partial<Run> = {}): Run {
  return { ...plain, ...changes };
}

/** A decode at this speed. */
export function decodeAt(tokensPerSecond: number, changes: Partial<Run> = {}): Run {
  const tokenSeconds = [1, 2, 3, 4].map((token) => token / tokensPerSecond);
  return decodeRun({ samples: { tokenSeconds, bytesPerSecond: null }, ...changes });
}

/** A prefill of 100 tokens in a quarter of a second, 400 tokens/s. */
export function prefillRun(changes: Partial<Run> = {}): Run {
  const spec = { ...plain.spec, promptTokensCount: 100, generatedTokensCount: null };
  return { ...plain, kind: "prefill", spec, samples: { tokenSeconds: [0.25], bytesPerSecond: null }, ...changes };
}

/** A bandwidth run of three samples around 8 kB/s. */
export function bandwidthRun(changes: Partial<Run> = {}): Run {
  const spec = { ...plain.spec, generatedTokensCount: null, depthTokensCount: null };
  return {
    ...plain,
    kind: "bandwidth",
    model: null,
    spec,
    samples: { tokenSeconds: null, bytesPerSecond: [7000, 8000, 9000] },
    ...changes,
  };
}
