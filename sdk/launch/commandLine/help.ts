import { type FlagRow, flagRows } from "./flagRows.ts";

/** Every flag by the launcher whose word it is, a line each. */
export function formatFlags(): string {
  const titles = { numalab: "Flags:", ipexrun: "Flags of ipexrun:", run_cpu: "Flags of torch's run_cpu:" } as const;
  const rows = Object.entries<FlagRow>(flagRows).filter(([, { help }]) => help !== "");
  const sections = Object.entries(titles).map(([owner, title]) => {
    const own = rows.filter(([, { of }]) => of[0] === owner);
    const lines = own.map(
      ([name, { type, help }]) => `  --${`${name}${type === "string" ? " <value>" : ""}`.padEnd(30)} ${help}`,
    );
    return [title, ...lines].join("\n");
  });
  return `\n${sections.join("\n\n")}`;
}
