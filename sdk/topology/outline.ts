import { counted, formatQuantity } from "../units/index.ts";
import { mostColumns, shortened } from "./columns.ts";
import { lastCachesOf } from "./cores.ts";
import { formatCpuList, parseCpuList } from "./cpuList.ts";
import type { CpuList, NumaNode, Topology } from "./topology.ts";

/** What a part is called; a node has to be named by itself, because a launcher is told its number. */
interface Label {
  readonly kind: "package" | "node" | "cache";
  readonly text: string;
}

type LabelledSet = readonly [label: Label, cpus: CpuList];

/** A package, a node, a last cache, or those of them that hold the same CPUs, and what lies inside. */
interface Part {
  readonly labels: Label[];
  readonly cpus: ReadonlySet<number>;
  readonly coresCount: number;
  readonly inside: Part[];
}

/** One line of the tree: its words, how many cores, which PUs. */
type Line = readonly [words: string, cores: string, pus: string];

const mostListed = 12;
const mostAlike = 4;

function memoryTextOf({ memoryBytes }: NumaNode): string {
  return memoryBytes === 0 ? "no memory" : formatQuantity(memoryBytes, "memoryBytes");
}

function labelledSetsOf(topology: Topology): LabelledSet[] {
  const packages = topology.packageList.map(({ osIndex, cpus }): LabelledSet => {
    return [{ kind: "package", text: osIndex === null ? "package" : `package ${osIndex}` }, cpus];
  });
  const nodes = topology.numaNodes.map((node): LabelledSet => {
    return [{ kind: "node", text: `node ${node.osIndex}, ${memoryTextOf(node)}` }, node.cpus];
  });
  const caches = lastCachesOf(topology).flatMap(({ level, sizeBytes, cpusets }) => {
    const label: Label = { kind: "cache", text: `L${level} ${formatQuantity(sizeBytes, "sizeBytes")}` };
    return cpusets.map((cpus): LabelledSet => [label, cpus]);
  });
  return [...packages, ...nodes, ...caches];
}

const firstOf = ({ cpus }: Part) => Math.min(...cpus);
const isCache = ({ labels }: Part) => labels.every(({ kind }) => kind === "cache");
const shapeOf = ({ labels }: Part) => labels.map(({ kind, text }) => (kind === "package" ? kind : text)).join(" · ");

function partsOf(topology: Topology): Part[] {
  const firstPus = topology.coreList.map((core) => parseCpuList(core)[0] ?? -1);
  const parts = labelledSetsOf(topology).map(([label, list]): Part => {
    const cpus = new Set(parseCpuList(list));
    return { labels: [label], cpus, coresCount: firstPus.filter((cpu) => cpus.has(cpu)).length, inside: [] };
  });
  // A cache of one core says nothing about where things lie.
  const isTelling = (part: Part) => part.cpus.size > 0 && !(isCache(part) && part.coresCount === 1);
  return parts.filter(isTelling).sort((a, b) => b.cpus.size - a.cpus.size);
}

/** Puts a part inside the one that holds its CPUs, or joins it to one of the same size. Wider parts have to come first. */
function nest(part: Part, siblings: Part[]): Part[] {
  const holder = siblings.find(({ cpus }) => cpus.has(firstOf(part)));
  if (holder === undefined) siblings.push(part);
  else if (holder.cpus.size === part.cpus.size) holder.labels.push(...part.labels);
  else nest(part, holder.inside);
  return siblings;
}

/** Whether the parts say more as one line: plain caches always, packages when they are many. */
function areAlike(parts: readonly Part[]): boolean {
  const [first] = parts;
  if (first === undefined || parts.length < 2) return false;
  const isPlain = parts.every(
    ({ inside, labels }) => inside.length === 0 && labels.every(({ kind }) => kind !== "node"),
  );
  const isSame = parts.every((part) => shapeOf(part) === shapeOf(first) && part.coresCount === first.coresCount);
  return isPlain && isSame && (parts.every(isCache) || parts.length > mostAlike);
}

function coresTextOf({ coresCount, cpus }: Part): string {
  if (coresCount === 0) return counted(cpus.size, "PU");
  const siblings = cpus.size / coresCount;
  const cores = counted(coresCount, "core");
  if (siblings === 1) return cores;
  return Number.isInteger(siblings) ? `${cores} × ${siblings} PUs` : `${cores}, ${cpus.size} PUs`;
}

function linesOf(unordered: readonly Part[], indents: readonly [string, string, string]): Line[] {
  const parts = [...unordered].sort((a, b) => firstOf(a) - firstOf(b));
  const [first] = parts;
  const [middle, end, below] = indents;
  if (first !== undefined && areAlike(parts)) {
    const lists = parts.map(({ cpus }) => formatCpuList(cpus)).join(" | ");
    return [[`${end}${parts.length} × ${shapeOf(first)}`, `${coresTextOf(first)} each`, lists]];
  }
  const leftOut = parts.length > mostListed ? parts.length - mostAlike : 0;
  const listed = leftOut === 0 ? parts : [...parts.slice(0, mostAlike - 1), ...parts.slice(-1)];
  return listed.flatMap((part, index): Line[] => {
    const isLast = index === listed.length - 1;
    const indent = isLast ? end : middle;
    const inner = isLast ? below.replace("│", " ") : below;
    const line: Line = [
      indent + part.labels.map(({ text }) => text).join(" · "),
      coresTextOf(part),
      formatCpuList(part.cpus),
    ];
    const gap: Line[] = isLast && leftOut > 0 ? [[`${middle}… ${leftOut} more …`, "", ""]] : [];
    return [...gap, line, ...linesOf(part.inside, [`${inner}├─ `, `${inner}└─ `, `${inner}│  `])];
  });
}

/** The packages, nodes and last caches as a tree, a line each; alike ones gathered, long lists cut. */
export function outlineOf(topology: Topology): string[] {
  const roots = partsOf(topology).reduce<Part[]>((siblings, part) => nest(part, siblings), []);
  const lines = linesOf(roots, ["", "", ""]);
  const widthOf = (column: 0 | 1) => Math.max(0, ...lines.map((line) => line[column].length));
  const [words, cores] = [widthOf(0), widthOf(1)];
  return lines.map((line) => {
    const start = `${line[0].padEnd(words)}  ${line[1].padEnd(cores)}  `;
    return `${start}${shortened(line[2], mostColumns - start.length)}`.trimEnd();
  });
}
