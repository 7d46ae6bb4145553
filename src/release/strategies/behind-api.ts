import type { ReleaseFile } from "../defaults";
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

type RecordedVersion = Omit<LambdaVersion, "numbers">;

/** The versions of a file as it records them. */
export function recordedVersions({
  service,
  file,
}: Pick<ReleaseContext, "service" | "file">): readonly RecordedVersion[] {
  return Object.entries(versionsInFile(file)).map(([name, own]) => ({
    name,
    fingerprint: own.fingerprint ?? defaultFingerprint(service),
    provisionedConcurrency: own.provisionedConcurrency,
  }));
}

/** What a release of functions has, whose versions Lambda keeps. */
export function lambdaVersions<F extends InvokedFunctions>({ context, service }: ReleaseParts, served: F) {
  const names = served.functions.map(({ name }) => name);
  const versions = recordedVersions(context).map((version) => ({
    ...version,
    numbers: numbersOf(context.file, version.name, names),
  }));
  const base = { ...service, ...served, versionKind: "lambda" } as const;
  return { ...base, ...pointedAt(context.file, versions) } satisfies Omit<AliasReleaseOf<never>, "strategy">;
}

/** The number of each function that a version has. Without numbers of its own each has that of the version. */
export function numbersOf(
  file: Pick<ReleaseFile, "versions">,
  version: string,
  functions: readonly string[],
): LambdaVersion["numbers"] {
  const given = versionsInFile(file)[version]?.lambdaVersions;
  const numbers: [string, string][] =
    given === undefined
      ? functions.map((name) => [name, version])
      : Object.entries(given).map(([name, number]) => [name, String(number)]);
  return Object.fromEntries(numbers);
}
