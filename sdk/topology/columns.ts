/** The width that all text keeps to. */
export const mostColumns = 96;

/** The text up to the last item that fits, items being between commas or bars; an ellipsis says that there is more. */
export function shortened(text: string, width: number): string {
  if (text.length <= width) return text;
  const head = text.slice(0, Math.max(width - 1, 0));
  return `${head.slice(0, Math.max(head.lastIndexOf(","), head.lastIndexOf("|")) + 1)}…`;
}

/** The items between commas on as few lines as they fit on. */
export function wrapped(items: readonly string[], width: number): string[] {
  return items.reduce<string[]>((lines, item) => {
    const last = lines.at(-1);
    if (last === undefined) return [item];
    const joined = `${last}, ${item}`;
    return joined.length <= width ? [...lines.slice(0, -1), joined] : [...lines.slice(0, -1), `${last},`, item];
  }, []);
}
