import { tensorOf } from "../onnx/index.ts";
import { type Random, seededRandom, shuffle } from "../stats/index.ts";
import type { Examples } from "./examples.ts";

/** How a task of pairs is made. */
export interface PairTaskSpec {
  readonly randomSeed: number;
  /** Examples to learn from. */
  readonly trainingCount: number;
  /** Examples that no training sees. */
  readonly heldOutCount: number;
  /** Default 8. */
  readonly vocabularySize?: number;
  /** Default 4. */
  readonly classesCount?: number;
  /** Default 12. */
  readonly sequenceLength?: number;
}

/** Sequences to be classified: `tokens` and `labels`. */
export interface Task {
  readonly vocabularySize: number;
  readonly classesCount: number;
  readonly sequenceLength: number;
  readonly training: Examples;
  readonly heldOut: Examples;
}

/** One sequence with its class. */
interface Labelled {
  readonly tokens: readonly number[];
  readonly label: number;
}

type Sizes = Pick<Task, "vocabularySize" | "classesCount" | "sequenceLength">;

const below = (end: number, random: Random): number => Math.floor(random() * end);

/** The kind that is the most frequent among the pairs of neighbours; null where two are. */
function labelOf(tokens: readonly number[], kinds: readonly number[], sizes: Sizes): number | null {
  const counts = new Array<number>(sizes.classesCount).fill(0);
  tokens.slice(1).forEach((token, index) => {
    const kind = kinds[(tokens[index] ?? 0) * sizes.vocabularySize + token] ?? 0;
    counts[kind] = (counts[kind] ?? 0) + 1;
  });
  const most = Math.max(...counts);
  return counts.indexOf(most) === counts.lastIndexOf(most) ? counts.indexOf(most) : null;
}

/** Sequences with a class, no two alike. */
function* drawn(sizes: Sizes, random: Random): Generator<Labelled> {
  const { vocabularySize, classesCount, sequenceLength } = sizes;
  const evenKinds = Array.from({ length: vocabularySize ** 2 }, (_, pair) => pair % classesCount);
  const kinds = shuffle(evenKinds, random);
  const seen = new Set<string>();
  for (;;) {
    const tokens = Array.from({ length: sequenceLength }, () => below(vocabularySize, random));
    const label = labelOf(tokens, kinds, sizes);
    if (label === null || seen.has(tokens.join())) continue;
    seen.add(tokens.join());
    yield { tokens, label };
  }
}

function examplesOf(labelled: readonly Labelled[], sequenceLength: number): Examples {
  const tokens = BigInt64Array.from(
    labelled.flatMap((one) => one.tokens),
    BigInt,
  );
  const labels = BigInt64Array.from(labelled, ({ label }) => BigInt(label));
  return [tensorOf("tokens", tokens, [labelled.length, sequenceLength]), tensorOf("labels", labels)];
}

/**
 * A task that needs context and counting: each pair of neighbouring tokens is of one kind, by a random table in which all kinds are
 * equally frequent; the class of a sequence is its most frequent kind. The same seed makes the same table and the same examples, and held-out sequences are none of the others.
 */
export function pairTaskOf({ randomSeed, trainingCount, heldOutCount, ...given }: PairTaskSpec): Task {
  const { vocabularySize = 8, classesCount = 4, sequenceLength = 12 } = given;
  const sizes = { vocabularySize, classesCount, sequenceLength };
  const labelled: Labelled[] = [];
  for (const one of drawn(sizes, seededRandom(randomSeed))) {
    labelled.push(one);
    if (labelled.length === trainingCount + heldOutCount) break;
  }
  const training = examplesOf(labelled.slice(0, trainingCount), sequenceLength);
  return { ...sizes, training, heldOut: examplesOf(labelled.slice(trainingCount), sequenceLength) };
}
