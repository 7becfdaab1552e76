/** Published facts about CPUs, GPUs, memory, models and number formats, read from datasets/. */
export { readCatalogue, type CatalogueName } from "./catalogue.ts";
export { CatalogueError } from "./errors.ts";
export type { CatalogueRows } from "./schemas.ts";
