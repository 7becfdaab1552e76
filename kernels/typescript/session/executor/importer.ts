/** The module with this name; the module hooks take this file for the cell that imports it. */
export function importHere(specifier: string, options?: ImportCallOptions): Promise<unknown> {
  return import(specifier, options);
}

/** The URL of the module with this name. */
export function resolveHere(specifier: string): string {
  return import.meta.resolve(specifier);
}
