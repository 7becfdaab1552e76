import { OnnxError } from "./errors.ts";
import type { Attribute, OnnxGraph, OnnxNode, ValueInfo } from "./graph.ts";
import type { Tensor } from "./tensor.ts";

/** What a node may have beside its operator and inputs. */
export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, Attribute>>;
  /** The beginning of the node's name; the outputs are named after it. Default: the operator. */
  readonly name?: string;
  readonly domain?: string;
  /** Default 1. */
  readonly outputsCount?: number;
}

/** A graph that grows node by node. */
export interface GraphBuilder {
  /** Adds an input, and gives its name. */
  input(info: ValueInfo): string;
  /** Adds a weight, and gives its name. */
  weight(tensor: Tensor): string;
  /** Adds a node with one output, and gives the output's name. */
  node(operator: string, inputs: readonly string[], options?: NodeOptions): string;
  /** Adds a node with several outputs, and gives their names. */
  nodeOf(operator: string, inputs: readonly string[], options: NodeOptions): readonly string[];
  /** Says that the value `from` is an output of the graph, under the name of `info`. */
  output(from: string, info: ValueInfo): void;
  build(facts: { readonly name: string; readonly metadata?: Readonly<Record<string, string>> }): OnnxGraph;
}

/** The operator sets that numalab writes. 17 is the last before attributes of reductions became inputs. */
const operatorSets = { "": 17, "com.microsoft": 1 };

class Names {
  readonly #used = new Set<string>();

  /**
   * The name, which is then used.
   * @throws {OnnxError} `duplicate-name`
   */
  claim(name: string): string {
    if (this.#used.has(name)) {
      const message = `The name ${name} stands for two values of one graph. Give each its own.`;
      throw new OnnxError("duplicate-name", message, { facts: { name } });
    }
    this.#used.add(name);
    return name;
  }

  unused(stem: string): string {
    let name = stem;
    for (let index = 1; this.#used.has(name); index++) name = `${stem}_${index}`;
    return this.claim(name);
  }
}

/** The node that gives a value a second name. */
function identityOf(from: string, name: string): OnnxNode {
  const node = { name: `${name}:named`, operator: "Identity", domain: "", attributes: {} };
  return { ...node, inputs: [from], outputs: [name] };
}

/** A new graph without nodes. */
export function createGraphBuilder(): GraphBuilder {
  const names = new Names();
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const nodes: OnnxNode[] = [];
  const weights: Tensor[] = [];
  const nodeOf: GraphBuilder["nodeOf"] = (operator, nodeInputs, options) => {
    const name = names.unused(options.name ?? operator);
    const { attributes = {}, domain = "", outputsCount = 1 } = options;
    const nodeOutputs = Array.from({ length: outputsCount }, (_, index) => names.claim(`${name}:${index}`));
    nodes.push({ name, operator, domain, inputs: nodeInputs, outputs: nodeOutputs, attributes });
    return nodeOutputs;
  };
  const node: GraphBuilder["node"] = (operator, nodeInputs, options = {}) =>
    nodeOf(operator, nodeInputs, { ...options, outputsCount: 1 })[0] ?? "";
  return {
    nodeOf,
    node,
    input(info) {
      inputs.push(info);
      return names.claim(info.name);
    },
    weight(tensor) {
      weights.push(tensor);
      return names.claim(tensor.name);
    },
    output(from, info) {
      outputs.push(info);
      const name = names.claim(info.name);
      nodes.push(identityOf(from, name));
    },
    build: ({ name, metadata = {} }) => ({ name, inputs, outputs, nodes, weights, metadata, operatorSets }),
  };
}
