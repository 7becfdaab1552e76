import { planEngine, startEngine } from "numalab/inference";
import { synthesizeModel } from "numalab/model";
import { reportOf } from "./proof.mjs";
import { tell } from "./tell.mjs";

const shape = {
  architecture: "llama",
  layersCount: 2,
  hiddenSize: 256,
  feedForwardSize: 512,
  headsCount: 4,
  kvHeadsCount: 2,
  vocabularyCount: 8192,
};

/** Says what the engine computes and how its worker is bound: as planned, or as `startedBy` says instead. Text takes another library. */
export async function tellEngine(name, instance, { startedBy = instance, generates = false } = {}) {
  const { path } = await synthesizeModel({ shape, quant: "F16", randomSeed: 1, folder: "/tmp" });
  const engine = await startEngine(planEngine({ modelPath: path, contextTokensCount: 64 }, startedBy));
  try {
    const decoded = await engine.decode({ tokensCount: 4 });
    const generation = generates ? await engine.generate("a", { maximumTokensCount: 4 }) : null;
    tell(name, { facts: engine.facts, decoded, generation, ...(await reportOf(engine.processId, instance)) });
  } finally {
    await engine.close();
  }
}
