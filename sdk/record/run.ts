import { counted } from "../units/index.ts";
import { z } from "zod";

const cpuList = z.string().regex(/^(\d+(-\d+)?(,\d+(-\d+)?)*)?$/);
const count = z.number().int().nonnegative();
const warning = z.strictObject({ code: z.string(), message: z.string(), advice: z.string() });

const spec = z.strictObject({
  threadsCount: count,
  cpus: cpuList,
  promptTokensCount: count.nullable(),
  generatedTokensCount: count.nullable(),
  /** Tokens already in the cache when the timing began. */
  depthTokensCount: count.nullable(),
});

const plan = z.strictObject({
  instanceIndex: count,
  cpus: cpuList,
  memoryNodes: cpuList.nullable(),
  memoryPolicy: z.enum(["bind", "interleave", "first-touch"]),
  threadsCount: count,
  bindingWay: z.enum(["numactl", "syscalls", "taskset", "cpuset", "none"]),
  prefix: z.array(z.string()),
});

/** Pages of 4 KiB by the index of their NUMA node. */
const pagesByNode = z.record(z.string().regex(/^\d+$/), count);

const binding = z.strictObject({
  state: z.enum(["bound", "partly", "not", "unverifiable"]),
  plannedCpus: cpuList,
  plannedMemoryNodes: cpuList.nullable(),
  threadsCount: count,
  strayThreads: z.array(z.strictObject({ threadId: count, name: z.string(), cpus: cpuList })),
  anonymousPagesByNode: pagesByNode,
  filePagesByNode: pagesByNode.exactOptional(),
  /** Null also in records older than it; so is the next. */
  threadMigrationsCount: count.nullable().default(null),
  pageMigrationsCount: count.nullable().default(null),
  localPagesRatio: z.number().min(0).max(1).nullable(),
  reason: z.string().nullable(),
});

const machine = z.strictObject({
  cpuModel: z.string().nullable(),
  architecture: z.string().nullable(),
  packagesCount: count,
  numaNodesCount: count,
  coresCount: count,
  pusCount: count,
  memoryBytes: z.number().nullable(),
  isVirtualMachine: z.boolean(),
});

const model = z.strictObject({
  name: z.string(),
  architecture: z.string(),
  quant: z.string().nullable(),
  synthetic: z.boolean(),
  fileBytes: count,
  /** Without its folder; null in records older than it. */
  fileName: z.string().nullable().default(null),
  /** Tells files apart: SHA-256, 16 hex digits, of its size, its beginning and samples of its weights. */
  fileDigest: z.string().nullable().default(null),
  parametersCount: count,
  bytesPerToken: z.number().positive(),
  kvBytesPerToken: z.number().nonnegative(),
});

/** How an engine was started, beyond its model and its threads. */
const engineSetting = z.strictObject({
  contextTokensCount: count,
  sequencesCount: count,
  useMmap: z.boolean(),
  cache: z.strictObject({ keyType: z.string(), valueType: z.string() }),
  flashAttention: z.enum(["auto", "off", "on"]),
  batchTokensCount: count,
  microBatchTokensCount: count,
  pool: z.strictObject({ pollingLevel: count, priority: z.string(), isStrict: z.boolean() }),
});

/** What an engine calls itself and the model that it loaded. */
const engineWords = z.strictObject({
  model: z.string(),
  tensorBytes: count,
  parametersCount: count,
  buildCommit: z.string(),
  buildNumber: count,
});

const engine = z.strictObject({
  driver: z.string(),
  version: z.string(),
  /** File name of the compute library that this CPU was given, which names its instruction set. */
  computeLibrary: z.string().nullable(),
  /** Of a few greedily chosen tokens; null where the driver shows no logits. This and the next are absent in older records. */
  outputDigest: z.string().nullable().exactOptional(),
  setting: engineSetting.exactOptional(),
  /** What `auto` became; null where the driver does not tell. */
  hasFlashAttention: z.boolean().nullable().exactOptional(),
  words: engineWords.nullable().exactOptional(),
});

const software = z.strictObject({
  numalab: z.string(),
  node: z.string(),
  kernel: z.string(),
  /** SHA-256, 16 hex digits, of the installed engine's package.json and libraries' sizes. */
  engineDigest: z.string().nullable(),
  lockfileDigest: z.string().nullable(),
});

const environment = z.strictObject({
  elapsedSeconds: z.number(),
  stealRatio: z.number().nullable(),
  foreignCpuRatio: z.number().nullable(),
  cpuPressureRatio: z.number().nullable(),
  throttledRatio: z.number().nullable(),
  governor: z.string().nullable(),
  transparentHugePages: z.string().nullable(),
  numaBalancing: z.string().nullable(),
});

const ceilings = z.strictObject({
  /** Read bandwidth of this machine, or null with a reason. */
  bandwidthBytesPerSecond: z.number().positive().nullable(),
  /** Bandwidth over bytes read a token. */
  decodeTokensPerSecond: z.number().positive().nullable(),
  source: z.enum(["measured", "spec-sheet", "none"]),
  reason: z.string().nullable(),
});

/**
 * One run. Samples are stored, summaries are derived. `tokenSeconds` are seconds since that request's start: for a
 * prefill one entry, the time to the first token; for a decode one entry a token; for a reply that of the prompt, then one
 * a token. `bytesPerSecond` are bandwidth samples.
 */
const runSchema = z.strictObject({
  schema: z.literal("run/1"),
  id: z.string(),
  kind: z.enum(["decode", "prefill", "reply", "bandwidth"]),
  origin: z.enum(["measured", "imported", "scripted"]),
  startedAt: z.iso.datetime(),
  study: z.string(),
  repetitionIndex: count,
  randomSeed: count,
  spec,
  plan,
  binding: binding.nullable(),
  topologyDigest: z.string(),
  machine,
  model: model.nullable(),
  engine: engine.nullable(),
  software,
  environment: environment.nullable(),
  ceilings,
  samples: z.strictObject({
    tokenSeconds: z.array(z.number().positive()).nullable(),
    bytesPerSecond: z.array(z.number().positive()).nullable(),
  }),
  warnings: z.array(warning),
});

/** The value and everything in it, read-only. */
type Frozen<Value> = Value extends object ? { readonly [Key in keyof Value]: Frozen<Value[Key]> } : Value;

/** One finished run, as one line of a records file holds it. */
export type Run = Frozen<z.infer<typeof runSchema>>;

/** The value as a run, or, in words, where and how it first differs from the schema. */
export function parseRun(value: unknown): { run: Run; problem: null } | { run: null; problem: string } {
  const parsed = runSchema.safeParse(value);
  if (parsed.success) return { run: parsed.data, problem: null };
  const [first, ...others] = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join(".")}: ${message}`,
  );
  const more = others.length === 0 ? "" : ` (and ${counted(others.length, "more fault")})`;
  return { run: null, problem: `${first ?? "no run"}${more}` };
}
