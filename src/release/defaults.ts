import type { ReleaseFile } from "./schema";
import { modelOf } from "./strategies/strategies";

/** The share that a canary gets where nobody says another. */
export const defaultPercent = 10;

/** Adds the defaults that depend on the strategy: a canary has a share, but where CodeDeploy gives it. */
export function withDefaults(file: ReleaseFile): ReleaseFile {
  const { canary } = file;
  if (canary === undefined || modelOf(file).movedBy === "codedeploy") return file;
  return { ...file, canary: { ...canary, percent: canary.percent ?? defaultPercent } };
}
