import { listOf } from "./expected.ts";
import type { Expected } from "./recorded.ts";

/** The text that the kernel has of a node. */
export interface RawNode {
  readonly osIndex: number;
  readonly cpulist: string;
  readonly memTotalKiB: number;
}

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

/** The elements of a document in its order, each with the text that follows its opening; nothing of ours is nested in text. */
function elementsOf(xml: string): Element[] {
  return [...xml.matchAll(/<(\w+)((?: \w+="[^"]*")*) ?\/?>([^<]*)/g)].map(
    ([, name = "", attributes = "", text = ""]) => ({
      name,
      attributes: Object.fromEntries(
        [...attributes.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
      ) as Record<string, string>,
      text,
    }),
  );
}

const numbersOf = (elements: readonly Element[]) =>
  elements.flatMap(({ text }) => text.trim().split(/\s+/).map(Number));

/** The numbers of a mask such as `0x00000003,0xffffffff`, in which an empty word is 0. */
function cpusOf(text = ""): number[] {
  const words = text.split(",").map((word) => word.replace("0x", "").padStart(8, "0"));
  const mask = BigInt(`0x${words.join("")}`);
  const cpus = Array.from({ length: words.length * 32 }, (_, cpu) => cpu);
  return cpus.filter((cpu) => (mask >> BigInt(cpu)) & 1n);
}

const maskList = (mask: string | undefined) => listOf(cpusOf(mask));

function cachesOf(objects: readonly Element[]): Expected["caches"] {
  const types = ["Unified", "Data", "Instruction"] as const;
  const alike = new Map<string, Element[]>();
  for (const cache of objects.filter(({ attributes }) => /^L\di?Cache$/.test(attributes["type"] ?? ""))) {
    const { depth, cache_type, cache_size, cpuset } = cache.attributes;
    const key = [
      depth,
      types[Number(cache_type)],
      String(cache_size).padStart(16),
      String(cpusOf(cpuset).length).padStart(8),
    ].join(" ");
    alike.set(key, [...(alike.get(key) ?? []), cache]);
  }
  return [...alike.keys()].sort().map((key) => {
    const caches = alike.get(key)!;
    const [{ attributes }] = caches as [Element];
    return {
      level: Number(attributes["depth"]),
      type: types[Number(attributes["cache_type"])]!,
      sizeBytes: Number(attributes["cache_size"]) || null, // hwloc writes 0 where nothing is told
      sharedBy: cpusOf(attributes["cpuset"]).length,
      count: caches.length,
      cpusets: caches.map((cache) => maskList(cache.attributes["cpuset"])),
    };
  });
}

function distancesOf(xml: string): Expected["distances"] {
  const [latencies = ""] = /<distances2 type="NUMANode"[^>]*name="NUMALatency"[\s\S]*?<\/distances2>/.exec(xml) ?? [];
  if (latencies === "") return null;
  const elements = elementsOf(latencies);
  const nodes = numbersOf(elements.filter(({ name }) => name === "indexes"));
  const values = numbersOf(elements.filter(({ name }) => name === "u64values"));
  return { nodes, matrix: nodes.map((_, row) => values.slice(row * nodes.length, (row + 1) * nodes.length)) };
}

/** hwloc shows each node of memory; one that has CPUs only stands in the kernel's text. */
function nodesOf(objects: readonly Element[], rawNodes: readonly RawNode[]): Expected["numaNodes"] {
  const shown = objects.filter(({ attributes }) => attributes["type"] === "NUMANode");
  return rawNodes.map(({ osIndex, cpulist }) => {
    const node = shown.find(({ attributes }) => Number(attributes["os_index"]) === osIndex);
    const memoryBytes = Number(node?.attributes["local_memory"] ?? 0);
    return {
      osIndex,
      cpus: node === undefined ? cpulist : maskList(node.attributes["cpuset"]),
      memoryBytes,
      availableBytes: null,
    };
  });
}

/** What `lstopo --of xml --disallowed` says of the machine it runs on, under the names of a probe. */
export function expectedOfHwloc(xml: string, rawNodes: readonly RawNode[]): Expected {
  const objects = elementsOf(xml).filter(({ name }) => name === "object");
  const ofType = (type: string) => objects.filter(({ attributes }) => attributes["type"] === type);
  const cores = ofType("Core").map(({ attributes }) => cpusOf(attributes["cpuset"]));
  const [machine] = ofType("Machine");
  const nodesWhere = (isMeant: (node: RawNode) => boolean) => rawNodes.filter(isMeant).map(({ osIndex }) => osIndex);
  return {
    packages: ofType("Package").length,
    dies: ofType("Die").length,
    cores: cores.length,
    coreList: cores.map(listOf),
    pus: ofType("PU").length,
    smtWidth: Math.max(...cores.map((core) => core.length)),
    numaNodes: nodesOf(objects, rawNodes),
    memoryOnlyNodes: nodesWhere(({ cpulist }) => cpulist === ""),
    cpuOnlyNodes: nodesWhere(({ cpulist, memTotalKiB }) => cpulist !== "" && memTotalKiB === 0),
    caches: cachesOf(objects),
    distances: distancesOf(xml),
    cpuset: maskList(machine?.attributes["cpuset"]),
    allowedCpuset: maskList(machine?.attributes["allowed_cpuset"]),
    allowedNodeset: maskList(machine?.attributes["allowed_nodeset"]),
    rawNodes,
  };
}
