import { realpath } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import type { ExternalPlace } from "./encoding.ts";
import { corruptFile, OnnxError } from "./errors.ts";
import { readFileBytes, readRanges } from "./file.ts";

/** The bytes of weights in other files, by the names of the weights. */
export type ExternalData = ReadonlyMap<string, Uint8Array>;

function outsideFolder(location: string): OnnxError {
  const message = `The weights lie in ${JSON.stringify(location)}, which is not in the model's folder. Put them there, or do not trust it.`;
  return new OnnxError("outside-folder", message, { facts: { location } });
}

/**
 * The path of a file beside the model. A link may lead to where the model's own link leads, as in caches of downloads.
 */
async function locate(modelPath: string, location: string): Promise<string> {
  const isPlain = location !== "" && !isAbsolute(location) && !location.split(/[/\\]/).includes("..");
  if (!isPlain || location.includes("\0")) throw outsideFolder(location);
  const path = await realpath(join(dirname(modelPath), location)).catch((cause: unknown) => {
    const message = `The weights in ${location} are missing: they belong beside the model. Fetch that file too.`;
    throw new OnnxError("file-unreadable", message, { facts: { location }, cause });
  });
  const folders = [await realpath(dirname(modelPath)), dirname(await realpath(modelPath))];
  if (!folders.some((folder) => path.startsWith(join(folder, "/")))) throw outsideFolder(location);
  return path;
}

/** Refuses parts that lie beyond the file, or that together are more than the file. */
function checkRanges(location: string, fileBytes: number, places: readonly ExternalPlace[]): void {
  const endBytes = Math.max(...places.map(({ offsetBytes, bytes }) => offsetBytes + bytes));
  if (endBytes > fileBytes) {
    const message = `The weights in ${location} end at byte ${endBytes}, but the file at byte ${fileBytes}. It is cut off: fetch it again.`;
    throw new OnnxError("truncated", message, { facts: { location, neededBytes: endBytes, fileBytes } });
  }
  const bytes = places.reduce((total, place) => total + place.bytes, 0);
  if (bytes > fileBytes)
    throw corruptFile(`The weights in ${location} take ${bytes} bytes of ${fileBytes}`, { location });
}

/** The same part under one word, so that it is read once. */
function partOf({ offsetBytes, bytes }: ExternalPlace): string {
  return `${offsetBytes}+${bytes}`;
}

/** The places in each other file, by the file's location. */
function placesByLocation(places: ReadonlyMap<string, ExternalPlace>): [string, [string, ExternalPlace][]][] {
  const locations = new Set([...places.values()].map(({ location }) => location));
  return [...locations].map((location) => [location, [...places].filter(([, place]) => place.location === location)]);
}

/** The file at a location beside the model, where it holds these parts. */
async function locateWhole(modelPath: string, location: string, parts: readonly ExternalPlace[]): Promise<string> {
  const path = await locate(modelPath, location);
  checkRanges(location, await readFileBytes(path), parts);
  return path;
}

const uniqueParts = (places: readonly (readonly [string, ExternalPlace])[]): ReadonlyMap<string, ExternalPlace> =>
  new Map(places.map(([, place]) => [partOf(place), place]));

/**
 * Nothing where the files with the weights of a model are there and long enough.
 * @throws {OnnxError} `outside-folder`, `file-unreadable`, `truncated` or `corrupt-file`
 */
export async function checkExternalData(modelPath: string, places: ReadonlyMap<string, ExternalPlace>): Promise<void> {
  for (const [location, here] of placesByLocation(places)) {
    await locateWhole(modelPath, location, [...uniqueParts(here).values()]);
  }
}

/**
 * Reads the weights that a model has in other files, each part once.
 * @throws {OnnxError} `outside-folder`, `file-unreadable`, `truncated` or `corrupt-file`
 */
export async function readExternalData(
  modelPath: string,
  places: ReadonlyMap<string, ExternalPlace>,
): Promise<ExternalData> {
  const data = new Map<string, Uint8Array>();
  for (const [location, here] of placesByLocation(places)) {
    const parts = uniqueParts(here);
    const ranges = [...parts.values()];
    const bytes = await readRanges(await locateWhole(modelPath, location, ranges), ranges);
    const bytesOfPart = new Map([...parts.keys()].map((part, index) => [part, bytes[index]]));
    for (const [name, place] of here) data.set(name, bytesOfPart.get(partOf(place)) ?? new Uint8Array());
  }
  return data;
}
