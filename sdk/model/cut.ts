import { ModelError } from "./errors.ts";
import type { ModelShape } from "./shape.ts";
import { planShape } from "./shape.ts";

/** A shape with the two names it goes by. */
export interface Named {
  readonly name: string;
  readonly fileStem: string;
  readonly shape: ModelShape;
}

/** Rows of so many weights are whole blocks of every storage format. */
const blockWeights = 256;

function badCut(message: string): ModelError {
  return new ModelError("bad-spec", message);
}

/** A share of so many layers, or their number. */
function keptLayersOf({ name, shape: { layersCount } }: Named, depth: number): number {
  const kept = depth < 1 ? Math.max(1, Math.round(depth * layersCount)) : depth;
  if (depth > 0 && Number.isInteger(kept) && kept <= layersCount) return kept;
  throw badCut(
    `depth is ${depth}, and ${name} has ${layersCount} layers. Pass 1 to ${layersCount}, or a share below 1.`,
  );
}

/** The same model with its first layers only, and named so. */
export function shortened(named: Named, depth: number): Named {
  const { name, fileStem, shape } = named;
  const layersCount = keptLayersOf(named, depth);
  if (layersCount === shape.layersCount) return named;
  return {
    name: `${name}, ${layersCount} of ${shape.layersCount} layers`,
    fileStem: `${fileStem}-${layersCount}-layers`,
    shape: planShape({ ...shape, layersCount }),
  };
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestCommonDivisor(right, left % right);
}

/** The multiple of the step that is nearest to a size, and one step at least. */
function nearest(size: number, step: number): number {
  return Math.max(1, Math.round(size / step)) * step;
}

/** The divisor of a number of heads that is nearest to the one wanted. */
function nearestDivisor(headsCount: number, wanted: number): number {
  const divisors = Array.from({ length: headsCount }, (_, index) => index + 1).filter((one) => headsCount % one === 0);
  return divisors.reduce((best, one) => (Math.abs(one - wanted) < Math.abs(best - wanted) ? one : best));
}

function narrowShape(shape: ModelShape, width: number): ModelShape {
  const { hiddenSize, headSize, headsCount, kvHeadsCount, feedForwardSize, expertFeedForwardSize } = shape;
  const headsFillLayer = headsCount * headSize === hiddenSize;
  const step = headsFillLayer
    ? (blockWeights * headSize) / greatestCommonDivisor(blockWeights, headSize)
    : blockWeights;
  const narrowHidden = nearest(hiddenSize * width, step);
  const narrowHeads = headsFillLayer ? narrowHidden / headSize : nearest(headsCount * width, 1);
  return planShape({
    ...shape,
    hiddenSize: narrowHidden,
    headsCount: narrowHeads,
    kvHeadsCount: nearestDivisor(narrowHeads, (kvHeadsCount * narrowHeads) / headsCount),
    feedForwardSize: nearest(feedForwardSize * width, blockWeights),
    expertFeedForwardSize: nearest(expertFeedForwardSize * width, blockWeights),
  });
}

/** The same model with narrower layers and as many heads fewer, each as large as before, and named so. */
export function narrowed(named: Named, width: number): Named {
  const { name, fileStem, shape } = named;
  if (!(width > 0 && width <= 1)) throw badCut(`width is ${width}. Pass a share above 0, up to 1.`);
  if (width === 1) return named;
  const narrow = narrowShape(shape, width);
  if (narrow.hiddenSize >= shape.hiddenSize) {
    throw badCut(
      `With a width of ${width}, ${name} would be ${narrow.hiddenSize} wide, and it is ${shape.hiddenSize}. Pass less, or leave the width out.`,
    );
  }
  return {
    name: `${name}, ${narrow.hiddenSize} of ${shape.hiddenSize} wide`,
    fileStem: `${fileStem}-${narrow.hiddenSize}-wide`,
    shape: narrow,
  };
}
