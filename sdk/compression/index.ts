/** Models made smaller, with the error that it costs: quantized, pruned, distilled, mixed. */
export {};
