import { CompressionError } from "../errors.ts";

/** One way to store a group of weights, or to build a part of a net. */
export interface Option {
  readonly name: string;
  /** In whatever the budget counts. */
  readonly cost: number;
  readonly error: number;
}

/** An option of each group, and what they make together. */
export interface Choice {
  /** In the order of the groups. */
  readonly options: readonly Option[];
  readonly cost: number;
  readonly error: number;
}

/** A choice for the first groups; the last option, and the choice before it. */
interface Partial {
  readonly option: Option | null;
  readonly before: Partial | null;
  readonly cost: number;
  readonly error: number;
}

/** Of so many shares of the budget, the best partial choice of each is followed: exact for budgets below it. */
const sharesCount = 20_000;

function optionsOf(partial: Partial): readonly Option[] {
  const options: Option[] = [];
  for (let at: Partial | null = partial; at !== null; at = at.before) if (at.option !== null) options.push(at.option);
  return options.reverse();
}

/** Of partial choices, those that no other undercuts in cost and in error. */
function frontOf(partials: Iterable<Partial>): readonly Partial[] {
  const front: Partial[] = [];
  for (const partial of [...partials].sort((a, b) => a.cost - b.cost || a.error - b.error)) {
    if (partial.error < (front.at(-1)?.error ?? Infinity)) front.push(partial);
  }
  return front;
}

/** The best choices for one group more, within what the groups after it leave of the budget. */
function extend(front: readonly Partial[], options: readonly Option[], leftBudget: number): readonly Partial[] {
  const shareCost = Math.max(1, leftBudget / sharesCount);
  const best = new Map<number, Partial>();
  for (const before of front) {
    for (const option of options) {
      const [cost, error] = [before.cost + option.cost, before.error + option.error];
      const share = Math.floor(cost / shareCost);
      const known = best.get(share);
      const isWorse = known !== undefined && (known.error < error || (known.error === error && known.cost <= cost));
      if (cost <= leftBudget && !isWorse) best.set(share, { option, before, cost, error });
    }
  }
  return frontOf(best.values());
}

const cheapestOf = (options: readonly Option[]): number => Math.min(...options.map(({ cost }) => cost));

/**
 * The option of each group that together have the least error within a budget: a knapsack with one choice a group. Costs
 * and errors add up; costs are whole numbers. Exact for budgets up to 20 000, and for larger ones within a share of that.
 * @throws {CompressionError} `over-budget` when the cheapest options already cost more
 * @see https://en.wikipedia.org/wiki/Knapsack_problem#Multiple-choice_knapsack_problem
 */
export function chooseOptions(groups: readonly (readonly Option[])[], budget: number): Choice {
  let laterCost = groups.reduce((total, options) => total + cheapestOf(options), 0);
  if (!(laterCost <= budget)) {
    const message = `The cheapest choice costs ${laterCost}; the budget is ${budget}. Allow more, or cheaper options.`;
    throw new CompressionError("over-budget", message, { facts: { cost: laterCost, budget } });
  }
  let front: readonly Partial[] = [{ option: null, before: null, cost: 0, error: 0 }];
  for (const options of groups) {
    laterCost -= cheapestOf(options);
    front = extend(front, options, budget - laterCost);
  }
  const best = front.at(-1) as Partial;
  return { options: optionsOf(best), cost: best.cost, error: best.error };
}
