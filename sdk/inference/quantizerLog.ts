/** What llama.cpp's quantizer says of one tensor. */
export interface TensorLine {
  readonly name: string;
  /** The storage format that it gets: in a dry run told, else null where it is converted. */
  readonly type: string | null;
}

/**
 * What a line of the quantizer's log says of a tensor, or null where it says something else.
 * @see https://github.com/ggml-org/llama.cpp/blob/master/src/llama-quant.cpp LLAMA_LOG_INFO in llama_model_quantize_impl
 */
export function parseTensorLine(line: string): TensorLine | null {
  const [, name, own, rest] = /^\[ *\d+\/ *\d+\] (\S+) +- \[.*?\], type = +(\w+), (.*)$/.exec(line) ?? [];
  if (name === undefined || own === undefined || rest === undefined) return null;
  if (/^size = +[\d.]+ MiB$/.test(rest)) return { name, type: own.toUpperCase() };
  const [, type] = /-> +[\d.]+ MiB \((\w+)\)$/.exec(rest) ?? [];
  return { name, type: type?.toUpperCase() ?? null };
}

/** Whether a dry run's log says that the quantization needs an importance matrix. */
export function asksForImportanceMatrix(log: readonly string[]): boolean {
  return log.some((line) => line.includes("will require an imatrix"));
}

/** Why the quantizer failed, in its own words. */
export function parseFailure(log: readonly string[]): string {
  const [reason] = log.flatMap((line) => /failed to quantize: (.+)$/.exec(line)?.[1] ?? []);
  return (
    reason ??
    log
      .filter((line) => line.trim() !== "")
      .slice(-3)
      .join("\n")
  );
}
