import type { ReleaseFile } from "../defaults";
import { Percent } from "../percent";
import type { StepInFile } from "../schema/release";
import { canaryPercent } from "../traffic";
import type { Canary, TemporaryStageSettings } from "../version";

/** Versions, and which of them a file points at. */
interface PointedAt<V> {
  readonly versions: readonly V[];
  readonly stable: V;
  readonly stableSince?: string;
  readonly former?: V;
  readonly canary?: Canary<V>;
  readonly preview?: TemporaryStageSettings<V>;
  readonly blue?: TemporaryStageSettings<V>;
  readonly steps?: readonly StepInFile[];
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
    stableSince: file.stableSince,
    former: file.former === undefined ? undefined : named(file.former),
    canary: file.canary && {
      version: named(file.canary.version),
      percent: Percent.of(canaryPercent(file)),
      since: file.canary.since,
      hold: file.canary.hold,
    },
    preview: temporary(file.preview),
    blue: temporary(file.blue),
    steps: file.steps,
  };
}
