/** What a schema found wrong. */
interface SchemaError {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

/** Everything that a schema found wrong, each with its place, in one line. */
export function problemOf({ issues }: SchemaError): string {
  return issues
    .map(({ path, message }) => (path.length === 0 ? message : `${path.map(String).join(".")}: ${message}`))
    .join("; ")
    .replace(/\.$/, "");
}
