import type { Expression } from "./expression.ts";
import { add, divide, multiply, power, sqrt, subtract } from "./operations/elementwise.ts";
import { constantOf } from "./expression.ts";

/** What AdamW needs for a step; all but the rate and the count have the dimensions of the weights. */
export interface AdamState {
  readonly weights: Expression;
  /** The moving mean of the gradient. */
  readonly firstMoment: Expression;
  /** The moving mean of the gradient's square. */
  readonly secondMoment: Expression;
}

/** How fast AdamW goes. */
export interface AdamPace {
  readonly learningRate: Expression;
  /** 1 at the first step. */
  readonly stepNumber: Expression;
  /** The share of the weights that is taken away in each step, times the learning rate. */
  readonly weightDecay: number;
}

const [firstDecay, secondDecay, epsilon] = [0.9, 0.999, 1e-8];

/** A moving mean after one more value. */
const moved = (mean: Expression, value: Expression, decay: number) =>
  add(multiply(mean, decay), multiply(value, 1 - decay));

/** The mean without its bias to the 0 at which it began. */
function unbiased(mean: Expression, decay: number, stepNumber: Expression): Expression {
  const kept = power(constantOf([decay], mean.type, []), stepNumber);
  return divide(mean, subtract(constantOf([1], mean.type, []), kept));
}

/**
 * The state after one step of AdamW.
 * @see https://arxiv.org/abs/1711.05101
 */
export function adamStep(state: AdamState, gradient: Expression, pace: AdamPace): AdamState {
  const firstMoment = moved(state.firstMoment, gradient, firstDecay);
  const secondMoment = moved(state.secondMoment, multiply(gradient, gradient), secondDecay);
  const spread = add(sqrt(unbiased(secondMoment, secondDecay, pace.stepNumber)), epsilon);
  const direction = divide(unbiased(firstMoment, firstDecay, pace.stepNumber), spread);
  const change = add(direction, multiply(state.weights, pace.weightDecay));
  return { weights: subtract(state.weights, multiply(change, pace.learningRate)), firstMoment, secondMoment };
}
