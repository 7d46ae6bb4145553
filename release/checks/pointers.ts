import type { FieldPath } from "../problem";
import type { ReleaseContext } from "../release-context";
import { asInFile, versionsInFile } from "../release-context";
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
      const way = name === "canary" ? ` to send everything to ${stable}` : ", for it serves users already";
      const message = `must be another version than the stable one; drop '${name}'${way}`;
      findings.push({ field, message, value: asInFile(pointer.version) });
    }
  }
  return findings;
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
