// Engines that live for one measurement.
import { planEngine, planNativeInstance, startEngine } from "numalab/inference";

/** What `measure` finds of engines of these specs, which are started before and closed after it. */
export async function withEngines(specs, measure) {
  const instance = await planNativeInstance();
  const engines = [];
  try {
    for (const spec of specs) engines.push(await startEngine(planEngine(spec, instance)));
    return await measure(engines);
  } finally {
    await Promise.all(engines.map((engine) => engine.close()));
  }
}
