/** A timer that is set for longer ends at once. */
const longestMilliseconds = 2 ** 31 - 1;

/** The milliseconds to set a timer for; the longest there are, some 24 days, where it is to take longer. */
export const timerMillisecondsOf = (seconds: number): number => Math.min(seconds * 1000, longestMilliseconds);
