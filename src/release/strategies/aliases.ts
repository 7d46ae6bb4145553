import { watchedScope, watchedVersion } from "../alarms/watched";
import { functionsOfVersion } from "../pointer";
import type { AliasReleaseOf } from "../release-base";
import { whyNoSettings } from "./behind-api";
import type { Strategy } from "./names";
import type { StrategyModel } from "./strategy-model";

type AliasRelease = Pick<AliasReleaseOf<Strategy>, "functions" | "versions">;

const scopesOfAll = ["version", "alias"] as const;

/** Where one alias of each function serves every version. */
export const oneAlias = {
  versionKind: "lambda",
  aliasOf: "all",
  deploymentOf: "definition",
  versionFields: ["fingerprint", "lambdaVersions"],
  whyNot: {
    ...whyNoSettings,
    provisionedConcurrency: "Lambda allows none on an alias that splits its traffic",
  },
  alarmScopes: scopesOfAll,
  answersScopes: ["stage"],
  watched: ({ functions }: AliasRelease) =>
    functions.flatMap(({ ownName }) => scopesOfAll.map((scope) => watchedScope(ownName, scope))),
} as const satisfies Partial<StrategyModel<AliasReleaseOf<Strategy>>>;

/** Where each function has an alias for each version. */
export const aliasOfEachVersion = {
  versionKind: "lambda",
  aliasOf: "version",
  versionFields: ["fingerprint", "lambdaVersions", "provisionedConcurrency"],
  whyNot: {
    ...whyNoSettings,
    triggers:
      "its stage moves the users, and no trigger passes a stage; weighted-alias and codedeploy-alias split them",
  },
  alarmScopes: ["version"],
  watched: (release: AliasRelease, versions: readonly string[]) =>
    release.versions
      .filter(({ name }) => versions.includes(name))
      .flatMap((version) =>
        functionsOfVersion(version, release.functions).map(({ ownName }) =>
          watchedVersion(ownName, version.name),
        ),
      ),
} as const satisfies Partial<StrategyModel<AliasReleaseOf<Strategy>>>;
