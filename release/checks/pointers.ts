import type { ReleaseContext } from "../release-context";
import { versionsInFile } from "../release-context";
import type { Finding } from "./finding";

/** Stable and canary name published versions, two different ones. */
export function checkPointers({ file }: ReleaseContext): Finding[] {
  const published = Object.keys(versionsInFile(file));
  const allowed = `must be one of the published versions (${published.join(", ")})`;
  const { stable, canary } = file;
  const findings: Finding[] = [];
  if (!published.includes(stable)) findings.push({ field: ["stable"], message: allowed, value: stable });
  if (canary !== undefined && !published.includes(canary.version)) {
    findings.push({ field: ["canary", "version"], message: allowed, value: canary.version });
  }
  if (canary?.version === stable) {
    findings.push({
      field: ["canary", "version"],
      message: `must be another version than the stable one; drop 'canary' to send everything to ${stable}`,
      value: canary.version,
    });
  }
  return findings;
}
