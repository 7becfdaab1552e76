/** One tensor of a model file. */
export interface TensorInfo {
  readonly name: string;
  /** Innermost first, as GGUF stores them. */
  readonly dimensions: readonly number[];
  /** The GGUF name of the storage format: F32, F16, Q8_0, Q4_0, … */
  readonly type: string;
  readonly bytes: number;
  /** From the beginning of the file. */
  readonly offsetBytes: number;
}

/** What a model file holds, read from its header without touching the weights. */
export interface Model {
  readonly path: string;
  readonly name: string;
  readonly architecture: string;
  /** The label of the mix, such as Q4_K_M; the type of most bytes when the file states none; null without weights. */
  readonly quant: string | null;
  /** True when the weights are random numbers made by numalab: its speed is real, its text is noise. */
  readonly synthetic: boolean;
  readonly fileBytes: number;
  readonly parametersCount: number;
  /** Of this file. */
  readonly layersCount: number;
  /** Of the whole model: more than `layersCount` when numalab cut this one to its first layers. */
  readonly wholeLayersCount: number;
  readonly hiddenSize: number;
  readonly headsCount: number;
  readonly kvHeadsCount: number;
  readonly headSize: number;
  readonly vocabularyCount: number;
  readonly contextTokensCount: number | null;
  /** Weight bytes that one decoded token reads: all but an untied embedding table; active experts only. */
  readonly bytesPerToken: number;
  /** Key and value cache bytes that each token of context adds, in F16. */
  readonly kvBytesPerToken: number;
  readonly tensors: readonly TensorInfo[];
}
