import { freemem } from "node:os";
import type { Placement } from "../experiment/index.ts";
import { parseCpuList, type Topology } from "../topology/index.ts";
import { formatQuantity } from "../units/index.ts";
import { StudyError } from "./errors.ts";

/** What counts of a model when it is loaded. */
export interface LoadedModel {
  readonly name: string;
  readonly fileBytes: number;
  /** 0 where only the file is known. */
  readonly kvBytesPerToken: number;
}

/** Where models are loaded: one engine for each model and placement, all at once. */
export interface LoadPlan {
  readonly placements: readonly Placement[];
  readonly topology: Topology;
  /** Memory of this machine that can be had, caches given up; asked of the kernel when left out. */
  readonly availableBytes?: number;
}

/** A place with too little memory. */
export interface Shortage {
  readonly place: string;
  readonly neededBytes: number;
  readonly freeBytes: number;
  /** The size of all model files together that would fit. */
  readonly fittingBytes: number;
}

/** Weights are read into memory of the process, repacked ones in place of the plain ones; a tenth is for buffers. */
const memoryPerFileByte = 1.1;
/** An engine's process without its model. */
const processBytes = 256 * 2 ** 20;
/** The context of an engine as studies start it. */
const contextTokensCount = 1024;

const sumOf = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function engineBytesOf({ fileBytes, kvBytesPerToken }: LoadedModel): number {
  return fileBytes * memoryPerFileByte + kvBytesPerToken * contextTokensCount + processBytes;
}

/** What a node can give; where that is not told, its part of what the machine can. */
function availableOn(node: number, { numaNodes }: Topology, availableBytes: number): number {
  const found = numaNodes.find(({ osIndex }) => osIndex === node);
  const total = sumOf(numaNodes.map(({ memoryBytes }) => memoryBytes ?? 0));
  const share = total === 0 ? 1 / numaNodes.length : (found?.memoryBytes ?? 0) / total;
  return found?.availableBytes ?? availableBytes * share;
}

/** The nodes that a placement's memory comes from: those it is bound to, else all that are allowed. */
function nodesOf({ instance }: Placement, { allowedNodeset }: Topology): readonly number[] {
  return parseCpuList(instance.memoryNodes ?? allowedNodeset);
}

function shortageAt(
  place: string,
  freeBytes: number,
  { models, enginesShare }: { readonly models: readonly LoadedModel[]; readonly enginesShare: number },
): Shortage | null {
  const perPlacement = sumOf(models.map(engineBytesOf));
  const neededBytes = perPlacement * enginesShare;
  if (neededBytes <= freeBytes) return null;
  const beyondFiles = perPlacement - sumOf(models.map(({ fileBytes }) => fileBytes)) * memoryPerFileByte;
  const fittingBytes = Math.max(0, (freeBytes / enginesShare - beyondFiles) / memoryPerFileByte);
  return { place, neededBytes, freeBytes, fittingBytes };
}

/** Where one engine for each model and placement would not fit, node by node and in all; null when all fit. */
export function shortageOf(models: readonly LoadedModel[], plan: LoadPlan): Shortage | null {
  const { placements, topology, availableBytes = freemem() } = plan;
  const nodes = placements.map((placement) => nodesOf(placement, topology));
  const all = [...new Set(nodes.flat())];
  const onNodes = all.map((node) => {
    const enginesShare = sumOf(nodes.map((list) => (list.includes(node) ? 1 / list.length : 0)));
    return shortageAt(`node ${node}`, availableOn(node, topology, availableBytes), { models, enginesShare });
  });
  const limit = Math.min(topology.limits.memoryBytes ?? Infinity, availableBytes);
  const inAll = shortageAt("this machine or container", limit, { models, enginesShare: placements.length });
  return [inAll, ...onNodes].find((shortage) => shortage !== null) ?? null;
}

/**
 * Nothing when all models can be loaded at once.
 * @throws {StudyError} `models-too-large` with what fits
 */
export function assertFits(models: readonly LoadedModel[], plan: LoadPlan): void {
  const shortage = shortageOf(models, plan);
  if (shortage === null) return;
  const { place, neededBytes, freeBytes, fittingBytes } = shortage;
  const engines = `${models.length * plan.placements.length} engines (models × placements: ${models.length} × ${plan.placements.length})`;
  throw new StudyError(
    "models-too-large",
    `${models.map(({ name }) => name).join(" and ")}: ${engines} need ${formatQuantity(neededBytes, "neededBytes")} on ${place}, where ${formatQuantity(freeBytes, "freeBytes")} can be had. ` +
      `Files of ${formatQuantity(fittingBytes, "fittingBytes")} together fit: name one model, a smaller one, fewer --threads, or use --synthetic --depth N.`,
    { facts: { ...shortage } },
  );
}
