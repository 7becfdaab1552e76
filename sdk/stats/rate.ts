/** How many a second: a count over the time that it took; null when no time passed or none is known. */
export function rateOf(count: number, seconds: number | undefined): number | null {
  return seconds === undefined || seconds <= 0 ? null : count / seconds;
}
