import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Engine, type EngineSpec, planEngine, startEngine } from "numalab/inference";
import { type InstancePlan, planLaunch, probeBindingWay } from "numalab/launch";
import { type Model, type SyntheticQuant, synthesizeModel } from "numalab/model";
import { probeTopology } from "numalab/topology";

const shape = {
  architecture: "llama",
  layersCount: 2,
  hiddenSize: 256,
  feedForwardSize: 512,
  headsCount: 4,
  kvHeadsCount: 2,
} as const;

/** A small model with random weights, in a folder of its own. */
export function synthesizeTiny(quant: SyntheticQuant = "Q4_0", vocabularyCount = 2000): Promise<Model> {
  const folder = mkdtempSync(join(tmpdir(), "numalab-engine-"));
  return synthesizeModel({
    shape: { ...shape, vocabularyCount },
    quant,
    randomSeed: 1,
    path: join(folder, "tiny.gguf"),
  });
}

/** All this process may use, as one instance. */
export async function planWhole(): Promise<InstancePlan> {
  const topology = await probeTopology();
  const { way: bindingWay } = await probeBindingWay(topology);
  return planLaunch({ bindingWay }, topology).instances[0]!;
}

/** An engine on all this process may use. */
export async function startWhole(spec: EngineSpec): Promise<Engine> {
  return startEngine(planEngine(spec, await planWhole()));
}
