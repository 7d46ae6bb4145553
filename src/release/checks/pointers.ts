import { guardOf } from "../guard";
import type { FieldPath } from "../problem";
import type { ReleaseContext } from "../release-context";
import { asInFile, versionsInFile } from "../release-context";
import { modelOf } from "../strategies/strategies";
import type { Finding } from "./finding";

/** Every pointer names a published version, and all but stable another one than the stable one. */
export function checkPointers({ file }: ReleaseContext): Finding[] {
  const published = Object.keys(versionsInFile(file));
  const { stable, canary, blue, preview } = file;
  const findings = [...missing(["stable"], stable, published)];
  for (const [name, pointer] of Object.entries({ canary, blue, preview })) {
    if (pointer === undefined) continue;
    const field = [name, "version"];
    findings.push(...missing(field, pointer.version, published));
    if (pointer.version === stable) {
      const way = name === "canary" ? ` to send all traffic to ${stable}` : ": it serves users already";
      const message = `must differ from the stable version; drop '${name}'${way}`;
      findings.push({ field, message, value: asInFile(pointer.version) });
    }
  }
  return [...findings, ...checkFormer(file, published)];
}

function checkFormer({ stable, former }: ReleaseContext["file"], published: readonly string[]): Finding[] {
  if (former === undefined) return [];
  if (former !== stable) return missing(["former"], former, published);
  const message = "must differ from the stable version: a rollback returns to it";
  return [{ field: ["former"], message, value: asInFile(former) }];
}

/** Each step is a larger share than the one before, and what it waits for can be known. */
export function checkSteps({ file, environment }: ReleaseContext): Finding[] {
  const { steps = [] } = file;
  // Of a stage AWS says since when a share is live.
  const isUndated = modelOf(file).movedBy === "alias" && guardOf(file, environment) === undefined;
  return steps.flatMap(({ percent, verdict }, index): Finding[] => {
    const before = index === 0 ? 0 : (steps[index - 1]?.percent ?? 0);
    const larger = `must be larger than ${before}${index === 0 ? "" : ", the previous step"}`;
    const guarded = `needs a guard with ${file.strategy}: Lambda does not say since when a share is live, and a guard records it`;
    return [
      ...(percent > before ? [] : [{ field: ["steps", index, "percent"], message: larger, value: percent }]),
      ...(verdict === undefined || !isUndated
        ? []
        : [{ field: ["steps", index, "verdict"], message: guarded, value: verdict }]),
    ];
  });
}

function missing(field: FieldPath, version: string, published: readonly string[]): Finding[] {
  if (published.includes(version)) return [];
  return [
    {
      field,
      message: `must be one of the published versions (${published.join(", ")})`,
      value: asInFile(version),
    },
  ];
}
