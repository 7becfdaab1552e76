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
