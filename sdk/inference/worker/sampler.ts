import type { Sampling } from "../sampling.ts";
import type { Handle, LlamaLibrary } from "./native.ts";

/** Tokens that a filter by probability keeps at least. */
const keptTokensCount = 1;

function stagesOf(llama: LlamaLibrary, { temperature, topK, topP, minP, randomSeed }: Sampling): Handle[] {
  if (temperature === 0) return [llama.llama_sampler_init_greedy()];
  return [
    ...(topK > 0 ? [llama.llama_sampler_init_top_k(topK)] : []),
    ...(topP < 1 ? [llama.llama_sampler_init_top_p(topP, keptTokensCount)] : []),
    ...(minP > 0 ? [llama.llama_sampler_init_min_p(minP, keptTokensCount)] : []),
    llama.llama_sampler_init_temp(temperature),
    llama.llama_sampler_init_dist(randomSeed),
  ];
}

/** A chain of the engine's own samplers, in llama.cpp's own order; freeing it frees them. */
export function createSampler(llama: LlamaLibrary, sampling: Sampling): Handle {
  const chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params());
  for (const stage of stagesOf(llama, sampling)) llama.llama_sampler_chain_add(chain, stage);
  return chain;
}
