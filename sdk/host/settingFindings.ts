import type { Topology } from "../topology/index.ts";
import { formatQuantity } from "../units/index.ts";
import type { HostAudit } from "./audit.ts";
import type { DesiredSettings } from "./desired.ts";
import type { HostDevice, LinkWidth } from "./device.ts";
import type { Finding } from "./finding.ts";
import type { MemoryState } from "./memoryState.ts";
import { planTuning } from "./plan.ts";

const highestSwappiness = 10;

/** What a doctor finds fault with; a value that is a matter of taste is left. */
function desiredFor(audit: HostAudit, { numaNodes }: Topology, { swapBytes }: MemoryState): DesiredSettings {
  const valueOf = (name: string) => audit.settings.find((setting) => setting.name === name)?.value ?? null;
  const swaps = (swapBytes ?? 0) > 0 && Number(valueOf("swappiness") ?? 0) > highestSwappiness;
  return {
    governor: "performance",
    energyPreference: "performance",
    turbo: "on",
    zoneReclaimMode: 0,
    ...(numaNodes.length > 1 ? { numaBalancing: 0 } : {}),
    ...(swaps ? { swappiness: highestSwappiness } : {}),
    ...(valueOf("transparentHugePages") === "never" ? { transparentHugePages: "madvise" } : {}),
  };
}

/** A code of words between dashes. */
const dashed = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function tuningFindings(desired: DesiredSettings, audit: HostAudit): Finding[] {
  const steps = planTuning(desired, audit).steps.filter(({ action }) => action === "write");
  const names = [...new Set(steps.map(({ setting }) => setting))];
  return names.flatMap((name) => {
    const [step] = steps.filter(({ setting }) => setting === name);
    if (step === undefined) return [];
    const { now, wanted, why, path } = step;
    return {
      code: `setting-${dashed(name)}`,
      severity: "advice" as const,
      found: `${name} is ${now ?? "unknown"}, not ${wanted}`,
      meaning: why,
      remedy: `echo ${step.text ?? wanted} > /${path ?? ""} as root, or numalab host apply, which can be undone`,
    };
  });
}

function governorFindings({ settings }: HostAudit): Finding[] {
  const governors = settings.filter(({ name }) => name === "governor");
  const reason = governors.every(({ value }) => value === null) ? governors[0]?.reason : null;
  if (reason === null || reason === undefined) return [];
  const meaning = "the clock is the hypervisor's or the firmware's affair, and nobody can tell from here what it does";
  const remedy =
    "set the performance governor on the host of the virtual machine, or the power profile in the firmware";
  return [{ code: "no-frequency-control", severity: "note", found: reason, meaning, remedy }];
}

/** Idle huge pages of a smaller share of memory are not worth a word. */
const tellingShare = 0.01;

function hugePageFindings({ idleHugePagesBytes, totalBytes }: MemoryState): Finding[] {
  if (idleHugePagesBytes === null || totalBytes === null || idleHugePagesBytes < tellingShare * totalBytes) return [];
  return [
    {
      code: "idle-huge-pages",
      severity: "advice",
      found: `${formatQuantity(idleHugePagesBytes, "bytes")} are set aside for huge pages and unused`,
      meaning: "the engine does not ask for those, so this memory is lost to models",
      remedy: "echo 0 > /proc/sys/vm/nr_hugepages as root, unless another program needs them",
    },
  ];
}

const rateOf = ({ speed }: LinkWidth) => Number.parseFloat(speed);

function linkFindings({ kind, name, link }: HostDevice): Finding[] {
  if (link.value === null) return [];
  const { now, most } = link.value;
  const isNarrow = now.lanesCount < most.lanesCount;
  // A GPU lowers its link's speed while it has nothing to do.
  const isSlow = rateOf(now) < rateOf(most) && kind !== "gpu";
  if (!isNarrow && !isSlow) return [];
  return [
    {
      code: "narrow-link",
      severity: "advice",
      found: `${name} runs at ${now.speed} ×${now.lanesCount} and can do ${most.speed} ×${most.lanesCount}`,
      meaning: kind === "nvme" ? "models load more slowly" : "data move more slowly to and from it",
      remedy: "seat the card in a slot with that many lanes, and look for the slot's speed in the firmware's setup",
    },
  ];
}

/** What the settings, the huge pages and the devices' links mean for inference. */
export function settingFindings(audit: HostAudit, topology: Topology, memory: MemoryState): Finding[] {
  return [
    ...tuningFindings(desiredFor(audit, topology, memory), audit),
    ...governorFindings(audit),
    ...hugePageFindings(memory),
    ...audit.devices.flatMap(linkFindings),
  ];
}
