import { NumalabError } from "../../../sdk/errors.ts";

/** What can go wrong while kernelspecs are installed. */
export class InstallError extends NumalabError<"folder-not-writable" | "no-python" | "not-built"> {}
