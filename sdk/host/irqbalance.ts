import type { HostAudit } from "./audit.ts";
import { explanationOf } from "./explanation.ts";
import { irqbalancePath } from "./programSetting.ts";
import { mapped } from "./reading.ts";
import type { TuningStep } from "./tuning.ts";

/** The step that starts or stops irqbalance: written where its service runs it, advice where somebody else did. */
export function irqbalanceSteps(wanted: "running" | "stopped" | undefined, audit: HostAudit): TuningStep[] {
  if (wanted === undefined) return [];
  const { irqbalanceIsRunning, irqbalanceService } = audit;
  const { value: now, reason } = mapped(irqbalanceIsRunning, (isRunning) => (isRunning ? "running" : "stopped"));
  const change = irqbalanceService.value === now ? "write" : "advice";
  const action = reason !== null ? "impossible" : now === wanted ? "none" : change;
  const [once, always] = wanted === "stopped" ? ["stop", "disable"] : ["start", "enable"];
  return [
    {
      ...{ setting: "irqbalance", device: null, path: action === "write" ? irqbalancePath : null },
      ...{ now, wanted, action, reason, text: action === "write" ? wanted : null },
      ...explanationOf("irqbalance", wanted),
      needsReboot: false,
      keep: action === "write" ? `systemctl ${always} irqbalance` : `systemctl ${once} irqbalance`,
    },
  ];
}
