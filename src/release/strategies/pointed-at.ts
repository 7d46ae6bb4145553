import { Percent } from "../percent";
import type { ReleaseFile } from "../schema";
import type { Canary, TemporaryStageSettings } from "../version";

/** Versions, and which of them a file points at. */
interface PointedAt<V> {
  readonly versions: readonly V[];
  readonly stable: V;
  readonly canary?: Canary<V>;
  readonly preview?: TemporaryStageSettings<V>;
  readonly blue?: TemporaryStageSettings<V>;
}

export function pointedAt<V extends { readonly name: string }>(
  file: ReleaseFile,
  versions: readonly V[],
): PointedAt<V> {
  const named = (name: string) => versions.find((one) => one.name === name) as V;
  const temporary = (inFile: ReleaseFile["blue"]) => inFile && { ...inFile, version: named(inFile.version) };
  return {
    versions,
    stable: named(file.stable),
    canary: file.canary && {
      version: named(file.canary.version),
      percent: Percent.of(file.canary.percent ?? 0),
    },
    preview: temporary(file.preview),
    blue: temporary(file.blue),
  };
}
