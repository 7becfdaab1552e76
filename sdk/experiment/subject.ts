import { type Engine, type EngineSpec, planEngine, startEngine } from "../inference/index.ts";
import { type BindingReport, type InstancePlan, verifyBinding } from "../launch/index.ts";
import type { IdentifiedModel } from "./modelFile.ts";

/** One model loaded in one bound process, with the proof of its binding. */
export interface Subject {
  readonly model: IdentifiedModel;
  readonly instance: InstancePlan;
  readonly engine: Engine;
  readonly binding: BindingReport;
}

/** How the engines of a study start; what is left out is the engine's default. */
export type SubjectEngine = Omit<EngineSpec, "modelPath">;

/** Starts an engine for `model` on `instance` and reads its binding back from /proc. */
export async function startSubject(
  model: IdentifiedModel,
  instance: InstancePlan,
  options: { readonly engine?: SubjectEngine; readonly signal?: AbortSignal } = {},
): Promise<Subject> {
  const { signal } = options;
  const engine = await startEngine(
    planEngine({ ...options.engine, modelPath: model.path }, instance),
    signal === undefined ? {} : { signal },
  );
  await engine.decode({ tokensCount: 1 });
  return { model, instance, engine, binding: await verifyBinding(engine.processId, instance) };
}
