/** A value of this host, or the reason why there is none. */
export type Reading<Value> =
  { readonly value: Value; readonly reason: null } | { readonly value: null; readonly reason: string };

/** A value that was found. */
export const found = <Value>(value: Value): Reading<Value> => ({ value, reason: null });

/** No value, and why. */
export const absent = (reason: string): Reading<never> => ({ value: null, reason });

/** What was read, in another form; a reason stays what it is. */
export function mapped<From, To>(reading: Reading<From>, convert: (value: From) => To): Reading<To> {
  return reading.reason === null ? found(convert(reading.value)) : reading;
}
