/** Nobody waits longer for a completion; the first one waits for the types to be loaded. */
const patienceMilliseconds = 5000;

/** An answer, or null when there is none in good time. */
export async function soon<Value>(answer: Promise<Value | null> | undefined): Promise<Value | null> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, patienceMilliseconds, null);
  });
  const value = await Promise.race([answer ?? null, tooLate]);
  clearTimeout(timer);
  return value;
}
