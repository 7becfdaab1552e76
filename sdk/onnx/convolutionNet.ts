import { checkCounts } from "./check.ts";
import type { Attribute, OnnxGraph } from "./graph.ts";
import type { Net } from "./net.ts";
import { addLinear, addReshape, addScale, addWeight, createNet, syntheticMetadata } from "./net.ts";

/** The shape of a residual net for images. */
export interface ConvolutionShape {
  /** How many blocks each stage has; each stage halves the image and doubles the channels. */
  readonly blocksCounts: readonly number[];
  /** `basic`: two convolutions a block; `bottleneck`: three, of which the outer ones change the number of channels. */
  readonly block: "basic" | "bottleneck";
  /** The channels of the first stage. */
  readonly channelsCount: number;
  readonly classesCount: number;
  /** The height and width of an image. */
  readonly imageSize: number;
  /** Whether batch norms stand after the convolutions, as trained, or are folded into them. */
  readonly norms: "kept" | "folded";
}

/** A residual net to be built with random weights. */
export interface ConvolutionSpec extends ConvolutionShape {
  /** The same seed gives the same weights. */
  readonly randomSeed: number;
}

/** One convolution of square kernels. */
interface Convolution {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly size: number;
  readonly stride: number;
  /** How much of the variance goes on; less where a sum follows, so that depth does not let it grow. */
  readonly gain?: number;
}

/** The place of a block in the net: the channels that it computes with, and what it divides the image's size by. */
interface Block {
  readonly name: string;
  readonly width: number;
  readonly stride: number;
}

/** The spec with the net that grows by it. */
interface Stack extends ConvolutionSpec {
  readonly net: Net;
}

/** A value with the number of its channels. */
interface Feature {
  readonly value: string;
  readonly channels: number;
}

/** How a branch counts in the sum with its residual. */
const branchGain = 0.2;

/** How many times more channels a bottleneck gives than it computes with. */
const bottleneckExpansion = 4;

function addNorm(net: Net, input: string, { name, channels }: { name: string; channels: number }): string {
  const parameter = (label: string, mean: number) =>
    addWeight(net, `${name}.${label}`, { dimensions: [channels], mean, deviation: 0.05 });
  const inputs = [
    input,
    addScale(net, name, channels),
    parameter("bias", 0),
    parameter("mean", 0),
    parameter("variance", 1),
  ];
  return net.builder.node("BatchNormalization", inputs, { attributes: { epsilon: { float: 1e-5 } }, name });
}

/** A convolution that keeps the image's size but for its stride, with its norm or, where that is folded, its bias. */
function addConvolution({ net, norms }: Stack, input: string, part: Convolution): string {
  const { name, inputs, outputs, size, stride, gain = 2 } = part;
  const deviation = Math.sqrt(gain / (inputs * size * size));
  const weight = addWeight(net, `${name}.weight`, { dimensions: [outputs, inputs, size, size], deviation });
  const margin = (size - 1) / 2;
  const attributes: Record<string, Attribute> = {
    kernel_shape: { ints: [size, size] },
    strides: { ints: [stride, stride] },
    pads: { ints: [margin, margin, margin, margin] },
  };
  if (norms === "folded") {
    const bias = addWeight(net, `${name}.bias`, { dimensions: [outputs], deviation: 0.02 });
    return net.builder.node("Conv", [input, weight, bias], { attributes, name });
  }
  const convolved = net.builder.node("Conv", [input, weight], { attributes, name });
  return addNorm(net, convolved, { name: `${name}.norm`, channels: outputs });
}

/** The convolutions of a block, which turn `inputs` channels into more or as many. */
function convolutionsOf(kind: ConvolutionSpec["block"], block: Block, inputs: number): readonly Convolution[] {
  const { name, width, stride } = block;
  if (kind === "basic") {
    return [
      { name: `${name}.0`, inputs, outputs: width, size: 3, stride },
      { name: `${name}.1`, inputs: width, outputs: width, size: 3, stride: 1, gain: branchGain },
    ];
  }
  const outputs = width * bottleneckExpansion;
  return [
    { name: `${name}.0`, inputs, outputs: width, size: 1, stride: 1 },
    { name: `${name}.1`, inputs: width, outputs: width, size: 3, stride },
    { name: `${name}.2`, inputs: width, outputs, size: 1, stride: 1, gain: branchGain },
  ];
}

function addBlock(stack: Stack, input: Feature, block: Block): Feature {
  const { builder } = stack.net;
  const { name, stride } = block;
  const convolutions = convolutionsOf(stack.block, block, input.channels);
  const channels = convolutions.at(-1)?.outputs ?? input.channels;
  let branch = input.value;
  for (const [index, convolution] of convolutions.entries()) {
    const convolved = addConvolution(stack, branch, convolution);
    branch =
      index + 1 < convolutions.length
        ? builder.node("Relu", [convolved], { name: `${convolution.name}.relu` })
        : convolved;
  }
  const isSame = channels === input.channels && stride === 1;
  const shortcut = { name: `${name}.shortcut`, inputs: input.channels, outputs: channels, size: 1, stride, gain: 1 };
  const residual = isSame ? input.value : addConvolution(stack, input.value, shortcut);
  const sum = builder.node("Add", [branch, residual], { name: `${name}.sum` });
  return { value: builder.node("Relu", [sum], { name: `${name}.relu` }), channels };
}

/** The first convolution and the halving after it. */
function addStem(stack: Stack): Feature {
  const { channelsCount: channels, imageSize } = stack;
  const { builder } = stack.net;
  const image = builder.input({ name: "input", type: "float32", dimensions: ["batch", 3, imageSize, imageSize] });
  const stem = { name: "stem", inputs: 3, outputs: channels, size: 7, stride: 2 };
  const active = builder.node("Relu", [addConvolution(stack, image, stem)], { name: "stem.relu" });
  const attributes = { kernel_shape: { ints: [3, 3] }, strides: { ints: [2, 2] }, pads: { ints: [1, 1, 1, 1] } };
  return { value: builder.node("MaxPool", [active], { attributes, name: "stem.pool" }), channels };
}

/** All blocks after the first convolution. */
function addStages(stack: Stack): Feature {
  let feature = addStem(stack);
  for (const [stage, blocksCount] of stack.blocksCounts.entries()) {
    const width = stack.channelsCount * 2 ** stage;
    for (let index = 0; index < blocksCount; index++) {
      const stride = stage > 0 && index === 0 ? 2 : 1;
      feature = addBlock(stack, feature, { name: `stages.${stage}.${index}`, width, stride });
    }
  }
  return feature;
}

function checkSpec({ blocksCounts, channelsCount, classesCount, imageSize }: ConvolutionSpec): void {
  checkCounts({ channelsCount, classesCount, imageSize }, 2 ** 14);
  checkCounts({ stagesCount: blocksCounts.length }, 8);
  for (const blocksCount of blocksCounts) checkCounts({ blocksCount }, 100);
}

/**
 * A residual net that sorts images into classes, with random weights: its speed is real, its results are noise.
 * @throws {OnnxError} `bad-spec`
 * @see https://arxiv.org/abs/1512.03385
 */
export function buildConvolutionNet(spec: ConvolutionSpec): OnnxGraph {
  checkSpec(spec);
  const net = createNet(spec.randomSeed);
  const { builder } = net;
  const feature = addStages({ ...spec, net });
  const pooled = builder.node("GlobalAveragePool", [feature.value], { name: "pool" });
  const flat = addReshape(net, pooled, { name: "pool.flat", sizes: [0, feature.channels] });
  const classes = addLinear(net, flat, { name: "classes", inputs: feature.channels, outputs: spec.classesCount });
  builder.output(classes, { name: "logits", type: "float32", dimensions: ["batch", spec.classesCount] });
  return builder.build({ name: "convolution net", metadata: syntheticMetadata("resnet", spec.randomSeed) });
}
