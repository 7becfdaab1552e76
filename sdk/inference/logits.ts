/** The logarithm of the sum of the exponentials, without overflow. */
function logSumExpOf(logits: Float32Array): number {
  let most = -Infinity;
  for (const logit of logits) if (logit > most) most = logit;
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - most);
  return most + Math.log(sum);
}

/** The logarithm of the probability of one token. */
export function logProbabilityOf(logits: Float32Array, token: number): number {
  return (logits[token] ?? NaN) - logSumExpOf(logits);
}

/** The logarithm of the probability of every token. */
export function logProbabilitiesOf(logits: Float32Array): Float32Array {
  const logSumExp = logSumExpOf(logits);
  return logits.map((logit) => logit - logSumExp);
}

/** The most probable token; the first of equals. */
export const topTokenOf = (logits: Float32Array): number =>
  logits.reduce((top, logit, token) => (logit > (logits[top] ?? 0) ? token : top), 0);

/** What says that no model computed these logits, in words; null when nothing does. */
export function flawOf(logits: Float32Array): string | null {
  const wrongCount = logits.reduce((count, logit) => count + (Number.isFinite(logit) ? 0 : 1), 0);
  if (wrongCount > 0) return `${wrongCount} of ${logits.length} logits are not finite`;
  return logits.every((logit) => logit === logits[0]) ? `all ${logits.length} logits are ${logits[0] ?? 0}` : null;
}
