import { type AwsProvider, isKnownTo, remedyFor } from "../aws/aws-provider";
import { runtimeNotice } from "../functions/runtime-notice";
import { type Runtime, runtimes } from "../functions/runtimes";
import { functionsOf } from "../functions/service-functions";
import { type ReleaseContext, versionField, versionsInFile } from "../release-context";
import { modelOf } from "../strategies/strategies";
import type { Finding } from "./finding";
import { settingsPlaces } from "./settings-places";

/** What decides, beside the files, whether AWS and its provider take a runtime. */
export interface Conditions {
  /** The day of the deployment. */
  readonly now: Date;
  /** @default - it is unknown, and not checked */
  readonly provider?: AwsProvider;
}

export function checkRuntimes(context: ReleaseContext, { now, provider }: Conditions): Finding[] {
  return [...unknownRuntimes(context, provider), ...blockedRuntimes(context, now, provider)];
}

/** What an older provider refuses when it plans. */
function unknownRuntimes(context: ReleaseContext, provider: AwsProvider | undefined): Finding[] {
  if (provider === undefined) return [];
  return settingsPlaces(context).flatMap(({ field, settings: { runtime } }) => {
    const used: Runtime | undefined = runtimes.find(({ name }) => name === runtime);
    if (used === undefined || isKnownTo(provider, used)) return [];
    const message = `must be a runtime that AWS provider ${provider.version} (${provider.from}) takes: ${remedyFor(used)}`;
    return [{ field: [...field, "runtime"], message, value: runtime }];
  });
}

/**
 * What AWS refuses to create from a certain day on. Versions that serve users, or did, are there already: they stay
 * valid, so that users can be moved away from them.
 */
function blockedRuntimes(context: ReleaseContext, now: Date, provider?: AwsProvider): Finding[] {
  const { file } = context;
  if (modelOf(file).versionKind !== "functions") return [];
  const there = [file.stable, file.former, file.canary?.version, file.preview?.version];
  return Object.keys(versionsInFile(file))
    .filter((version) => !there.includes(version))
    .flatMap((version) =>
      functionsOf(context, version).flatMap(({ settings: { runtime } }) => {
        const notice = runtimeNotice(runtime, now, provider);
        if (notice?.isBlocked !== true) return [];
        const message = `must have a runtime that AWS creates functions with: ${notice.text}`;
        return [{ field: versionField(context, version), message, value: runtime }];
      }),
    );
}
