import { defaultFingerprint } from "../definition/fingerprint";
import type { AliasReleaseOf, InvokedFunctions } from "../release-base";
import { type ReleaseContext, versionsInFile } from "../release-context";
import type { LambdaVersion } from "../version";
import { pointedAt } from "./pointed-at";
import type { ReleaseParts } from "./strategy-model";

/** Fields of all strategies of functions behind API Gateway. */
export const apiFields = ["api", "requests", "settings", "stage"] as const;

const keepsSettings =
  "a Lambda version keeps the settings that it was published with; those of the next one belong in 'settings'";

/** Why a version that Lambda numbered has no settings in the file. */
export const whyNoSettings = { settings: keepsSettings, settingsFingerprint: keepsSettings };

/** The versions of a file as it records them. */
export function recordedVersions({
  service,
  file,
}: Pick<ReleaseContext, "service" | "file">): readonly LambdaVersion[] {
  return Object.entries(versionsInFile(file)).map(([name, own]) => ({
    name,
    fingerprint: own.fingerprint ?? defaultFingerprint(service),
    provisionedConcurrency: own.provisionedConcurrency,
  }));
}

/** What a release of one function has, whose versions Lambda keeps. */
export function lambdaVersions<F extends InvokedFunctions>({ context, service }: ReleaseParts, served: F) {
  const [lambda] = served.functions;
  if (lambda === undefined) throw new Error(`${context.service} has no function`);
  const base = { ...service, ...served, versionKind: "lambda", function: lambda } as const;
  return { ...base, ...pointedAt(context.file, recordedVersions(context)) } satisfies Omit<
    AliasReleaseOf<never>,
    "strategy"
  >;
}
