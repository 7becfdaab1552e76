/** Weights that tests are run on. */
export interface RealModel {
  readonly path: string;
  readonly sha256: string;
  readonly packages: readonly string[];
}
export const decoder: RealModel;
export const encoder: RealModel;
export function missingReason(model: RealModel): string | null;
