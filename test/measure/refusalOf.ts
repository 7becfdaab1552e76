import { MeasureError } from "../../sdk/measure/errors.ts";

/** The form shown to people of the MeasureError that the call throws; empty when it throws none. */
export function refusalOf(call: () => unknown): string {
  try {
    call();
    return "";
  } catch (error) {
    return error instanceof MeasureError ? String(error) : "";
  }
}
