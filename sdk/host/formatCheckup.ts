import { formatQuantity } from "../units/index.ts";
import type { Checkup } from "./checkup.ts";
import type { Finding } from "./finding.ts";
import type { InventoryItem } from "./inventory.ts";
import type { Reading } from "./reading.ts";
import type { RequirementResult } from "./requirements.ts";
import type { MemorySample } from "./watch.ts";

const headWidth = 10;

function findingLines({ severity, code, found, meaning, remedy }: Finding): string[] {
  const indent = " ".repeat(headWidth);
  return [`${severity.padEnd(headWidth)}${found} [${code}]`, `${indent}${meaning}`, `${indent}→ ${remedy}`];
}

function itemsText(items: Reading<readonly InventoryItem[]>): string {
  if (items.reason !== null) return `– ${items.reason}`;
  return items.value.map(({ name, detail }) => (detail === "" ? name : `${name} (${detail})`)).join("; ");
}

const requirementLine = ({ requirement, needed, found, isMet }: RequirementResult) =>
  `${(isMet ? "met" : "NOT MET").padEnd(headWidth)}${requirement}: needed ${needed}, found ${found}`;

/** A checkup as one page of text: the gravest findings first, what is built in, the requirements. */
export function formatCheckup({ topology, findings, inventory, requirements, isFit }: Checkup): string {
  const { cpuModel, cores, packages, numaNodes, memoryBytes } = topology;
  const head = `${cpuModel?.replace(/\s+/g, " ") ?? "CPU without a model name"}: packages ${packages}, NUMA nodes ${numaNodes.length}, cores ${cores}, memory ${formatQuantity(memoryBytes, "memoryBytes")}`;
  const parts = [
    [head],
    findings.length === 0 ? ["Nothing was found that limits inference here."] : findings.flatMap(findingLines),
    [
      `${"GPUs".padEnd(headWidth)}${itemsText(inventory.gpus)}`,
      `${"disks".padEnd(headWidth)}${itemsText(inventory.disks)}`,
      `${"network".padEnd(headWidth)}${itemsText(inventory.interfaces)}`,
    ],
    requirements.length === 0
      ? []
      : [...requirements.map(requirementLine), isFit ? "This host is fit." : "This host is not fit."],
  ];
  return parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

/** A sample of memory as one line, with a line more for each alert. */
export function formatMemorySample({ takenAt, availableBytes, pressureRatio, alerts }: MemorySample): string {
  const available = formatQuantity(availableBytes, "bytes");
  // Without a word nobody would know that no alert can come from it.
  const pressure =
    pressureRatio === null
      ? "– /proc/pressure/memory tells none (boot with psi=1)"
      : formatQuantity(pressureRatio, "pressureRatio");
  const line = `${takenAt}  available ${available}  memory pressure ${pressure}`;
  return [line, ...alerts.map(({ code, found, remedy }) => `ALERT [${code}] ${found} → ${remedy}`)].join("\n");
}
