/** A count and its noun: `1 core`, `2 cores`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
