import { partitionOf } from "../aws/aws-regions";
import { bootstrapStackName, type Environment, type GitHub } from "../environment/environment";
import { isCovered } from "../functions/covers";
import type { FunctionSettings } from "../functions/function-settings";
import { type Permission, type PolicyPlace, readsParameter, readsSecret } from "../functions/permission";
import { codeFolders, functionsOf } from "../functions/service-functions";
import type { FieldPath } from "../problem";
import type { ReleaseContext } from "../release-context";
import type { EnvironmentFile } from "../schema/environment";
import type { Finding } from "./finding";
import { foreignPolicies, foreignResources, foreignRole } from "./permissions";
import { distinct, fieldOfSetting, placesOf, type SettingsPlace } from "./settings-places";

/** What the environment's file lists of its functions. */
export function checkFunctionLists(file: EnvironmentFile): Finding[] {
  const { permissions = [], managedPolicies = [], roleArns = [] } = file.github?.functions ?? {};
  const field = ["github", "functions"];
  return [
    ...foreignResources([...field, "permissions"], permissions, file),
    ...foreignPolicies([...field, "managedPolicies"], managedPolicies, file),
    ...roleArns.flatMap((one, index) => foreignRole([...field, "roleArns", index], one, file)),
  ];
}

/** Where GitHub deploys, the boundary and the roles of the workflows know what the environment's file lists, and no more. */
export function checkGranted(context: ReleaseContext): Finding[] {
  const { environment, file } = context;
  const { github } = environment;
  if (github === undefined) return [];
  const findings = codeFolders(file).flatMap((folder) =>
    functionsOf(context, folder).flatMap(({ name, settings }) =>
      notListed(placesOf(context, folder, name), settings, environment, github),
    ),
  );
  return distinct(findings);
}

function notListed(
  places: readonly SettingsPlace[],
  settings: FunctionSettings,
  environment: Environment,
  { functions }: GitHub,
): Finding[] {
  const { permissions = [], managedPolicies = [], roleArn, parameters = {}, secrets = {} } = settings;
  const field = (setting: "permissions" | "managedPolicies" | "roleArn") => fieldOfSetting(places, setting);
  const stored = (
    kind: "parameters" | "secrets",
    values: NonNullable<FunctionSettings["secrets"]>,
    reads: typeof readsSecret,
  ) =>
    Object.entries(values).flatMap(([variable, value]) => {
      const needed = placesOfAccounts(environment).flatMap((place) => reads(value, place));
      return beyond(fieldOfSetting(places, kind, variable), needed, environment, functions.permissions);
    });
  return [
    ...permissions.flatMap((one, index) =>
      beyond([...field("permissions"), index], [one], environment, functions.permissions),
    ),
    ...stored("parameters", parameters, readsParameter),
    ...stored("secrets", secrets, readsSecret),
    ...managedPolicies.flatMap((one, index) =>
      unlisted([...field("managedPolicies"), index], one, "managedPolicies", environment, functions),
    ),
    ...(roleArn === undefined ? [] : unlisted(field("roleArn"), roleArn, "roleArns", environment, functions)),
  ];
}

/** One line for what is asked for at one place: the first of it that is not listed, and how much more. */
function beyond(
  field: FieldPath,
  asked: readonly Permission[],
  environment: Environment,
  most: readonly Permission[],
): Finding[] {
  const lacking = asked.flatMap(({ actions, resources }) =>
    actions.flatMap((action) =>
      resources.filter((one) => !isCovered(action, one, most)).map((resource) => `${action} on ${resource}`),
    ),
  );
  const [first, ...others] = lacking;
  if (first === undefined) return [];
  const more = others.length > 0 ? `, and ${others.length} more of this field` : "";
  const message = `must be within 'github.functions.permissions' of ${fileOf(environment)}, which lacks ${first}${more}${wayOut(environment)}`;
  return [{ field, message }];
}

function unlisted(
  field: FieldPath,
  arn: string,
  list: "managedPolicies" | "roleArns",
  environment: Environment,
  functions: GitHub["functions"],
): Finding[] {
  if (functions[list].includes(arn)) return [];
  const message = `must be one of 'github.functions.${list}' of ${fileOf(environment)}${wayOut(environment)}`;
  return [{ field, message, value: arn }];
}

function fileOf({ name }: Environment): string {
  return `releases/${name}/environment.json`;
}

function wayOut({ name }: Environment): string {
  return `: add it there, then deploy ${bootstrapStackName(name)} before this release`;
}

/**
 * Where a name alone may be: in each account that the environment names. Where it names none, in one that nobody
 * knows, and that a wildcard alone includes.
 */
function placesOfAccounts({ region, allowedAccountIds = ["<account-id>"] }: Environment): PolicyPlace[] {
  return allowedAccountIds.map((accountId) => ({ partition: partitionOf(region), region, accountId }));
}
