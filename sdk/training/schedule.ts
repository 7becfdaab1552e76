/** How the learning rate changes over a training. */
export interface Schedule {
  /** The highest rate. */
  readonly learningRate: number;
  readonly stepsCount: number;
  /** The steps in which the rate grows from 0. */
  readonly warmupStepsCount: number;
}

/** The learning rate of a step, counted from 1: up in a line, then down to 0 along half a cosine. */
export function learningRateAt(stepNumber: number, { learningRate, stepsCount, warmupStepsCount }: Schedule): number {
  if (stepNumber < warmupStepsCount) return (learningRate * stepNumber) / warmupStepsCount;
  const doneRatio = (stepNumber - warmupStepsCount) / Math.max(1, stepsCount - warmupStepsCount);
  return (learningRate * (1 + Math.cos(Math.PI * doneRatio))) / 2;
}
