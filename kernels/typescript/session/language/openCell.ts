import type ts from "typescript";
import type { CellModule } from "./scope.ts";

/** The cell that the language service looks at. */
export interface OpenCell extends CellModule {
  readonly service: ts.LanguageService;
  /** The path of its module. */
  readonly file: string;
  /** What the person wrote; it starts at `offset` of the module. */
  readonly code: string;
}
