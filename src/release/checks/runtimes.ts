import { type ReleaseContext, versionField, versionsInFile } from "../release-context";
import { runtimeNotice } from "../runtime-notice";
import { functionsOf } from "../service-functions";
import { modelOf } from "../strategies/strategies";
import type { Finding } from "./finding";

/**
 * What AWS refuses to create from a certain day on. Versions that serve users, or did, are there already: they stay
 * valid, so that users can be moved away from them.
 */
export function checkRuntimes(context: ReleaseContext, now: Date): Finding[] {
  const { file } = context;
  if (modelOf(file).versionKind !== "functions") return [];
  const there = [file.stable, file.former, file.canary?.version, file.preview?.version];
  return Object.keys(versionsInFile(file))
    .filter((version) => !there.includes(version))
    .flatMap((version) =>
      functionsOf(context, version).flatMap(({ settings: { runtime } }) => {
        const notice = runtimeNotice(runtime, now);
        if (notice?.isBlocked !== true) return [];
        const message = `must have a runtime that AWS creates functions with: ${notice.text}`;
        return [{ field: versionField(context, version), message, value: runtime }];
      }),
    );
}
