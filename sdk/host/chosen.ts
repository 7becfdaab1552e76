import { HostError } from "./errors.ts";

/** What may be chosen by name. */
export interface Choice<Item> {
  readonly items: readonly Item[];
  /** What one of them is: `device`. */
  readonly noun: string;
}

/**
 * The items of these names.
 * @throws {HostError} `no-such-device`
 */
export function chosenOf<Item extends { readonly name: string }>(
  names: readonly string[],
  { items, noun }: Choice<Item>,
): readonly Item[] {
  return names.map((wanted) => {
    const item = items.find(({ name }) => name === wanted);
    if (item !== undefined) return item;
    const known = items.map(({ name }) => name);
    const there = known.length === 0 ? "this host has none" : `there are ${known.join(", ")}`;
    const message = `No ${noun} is named "${wanted}"; ${there}. Name one as an audit lists them.`;
    throw new HostError("no-such-device", message, { facts: { wanted, known } });
  });
}
