import { watchedScope, watchedVersion } from "../watched";
import { whyNoSettings } from "./behind-api";
import type { StrategyModel } from "./strategy-model";

const scopesOfAll = ["version", "alias"] as const;

/** Where one alias serves every version. */
export const oneAlias = {
  versionKind: "lambda",
  aliasOf: "all",
  deploymentOf: "definition",
  versionFields: ["fingerprint"],
  whyNot: {
    ...whyNoSettings,
    provisionedConcurrency: "Lambda allows none on an alias that splits its traffic",
  },
  alarmScopes: scopesOfAll,
  answersScopes: ["stage"],
  watched: ({ name }) => scopesOfAll.map((scope) => watchedScope(name, scope)),
} as const satisfies Partial<StrategyModel>;

/** Where each version has an alias of its own. */
export const aliasOfEachVersion = {
  versionKind: "lambda",
  aliasOf: "version",
  versionFields: ["fingerprint", "provisionedConcurrency"],
  whyNot: {
    ...whyNoSettings,
    triggers:
      "its stage moves the users, and no trigger passes a stage; weighted-alias and codedeploy-alias split them",
  },
  alarmScopes: ["version"],
  watched: ({ name }, versions) => versions.map((version) => watchedVersion(name, version)),
} as const satisfies Partial<StrategyModel>;
