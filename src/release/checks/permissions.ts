import { accountOf, partitionIn, regionOf } from "../aws/arn";
import { raisedBy } from "../aws/aws-limits";
import { partitionOf } from "../aws/aws-regions";
import type { Environment } from "../environment/environment";
import { includesAction } from "../functions/covers";
import { executionActions } from "../functions/execution-actions";
import type { FunctionSettings } from "../functions/function-settings";
import { roleFields } from "../functions/permission";
import { codeFolders, functionsOf } from "../functions/service-functions";
import type { FieldPath } from "../problem";
import type { ReleaseContext } from "../release-context";
import type { FunctionSettingsInFile } from "../schema/release";
import type { Finding } from "./finding";
import { distinct, fieldOfSetting, placesOf, type SettingsPlace, settingsPlaces } from "./settings-places";

type PermissionsInFile = NonNullable<FunctionSettingsInFile["permissions"]>;

/** What an ARN says of its partition and account, and is not so in this environment. */
export function checkAccess({ file, environment }: ReleaseContext): Finding[] {
  return settingsPlaces({ file }).flatMap(({ field, settings }) => {
    const { permissions = [], managedPolicies = [], roleArn, parameters = {}, secrets = {} } = settings;
    const stored = { parameters, secrets };
    return [
      ...foreignResources([...field, "permissions"], permissions, environment),
      ...foreignPolicies([...field, "managedPolicies"], managedPolicies, environment),
      ...(roleArn === undefined ? [] : foreignRole([...field, "roleArn"], roleArn, environment)),
      ...(["parameters", "secrets"] as const).flatMap((kind) =>
        Object.entries<string | { name: string; kmsKeyArn: string }>(stored[kind]).flatMap(([name, value]) =>
          foreignStored([...field, kind, name], value, environment),
        ),
      ),
    ];
  });
}

export function foreignResources(
  field: FieldPath,
  permissions: PermissionsInFile,
  environment: Pick<Environment, "region">,
): Finding[] {
  return permissions.flatMap(({ resources }, index) =>
    resources.flatMap((one, at) => foreignPartition([...field, index, "resources", at], one, environment)),
  );
}

/** AWS's own managed policies are in no account. */
export function foreignPolicies(
  field: FieldPath,
  policies: readonly string[],
  environment: Pick<Environment, "region" | "allowedAccountIds">,
): Finding[] {
  return policies.flatMap((one, index) => {
    const place = [...field, index];
    return accountOf(one) === "aws"
      ? foreignPartition(place, one, environment)
      : foreignAccount(place, one, "a managed policy of AWS or", environment);
  });
}

/** A function runs with a role of its own account: https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html */
export function foreignRole(
  field: FieldPath,
  role: string,
  environment: Pick<Environment, "region" | "allowedAccountIds">,
): Finding[] {
  return foreignAccount(field, role, "a role", environment);
}

function foreignStored(
  field: FieldPath,
  value: string | { readonly name: string; readonly kmsKeyArn: string },
  environment: Environment,
): Finding[] {
  const { region } = environment;
  if (typeof value === "string") return foreignPartition(field, value, environment);
  const { name, kmsKeyArn } = value;
  const place = [...field, "kmsKeyArn"];
  // What has a name alone is in the function's region, and so is its key.
  const isElsewhere = !name.startsWith("arn:") && regionOf(kmsKeyArn) !== region;
  return [
    ...foreignPartition([...field, "name"], name, environment),
    ...foreignPartition(place, kmsKeyArn, environment),
    ...(isElsewhere
      ? [{ field: place, message: `must be a key in the function's region, ${region}`, value: kmsKeyArn }]
      : []),
  ];
}

function foreignAccount(
  field: FieldPath,
  arn: string,
  what: string,
  environment: Pick<Environment, "region" | "allowedAccountIds">,
): Finding[] {
  const { allowedAccountIds: own } = environment;
  const account = accountOf(arn);
  if (own === undefined || own.includes(account)) return foreignPartition(field, arn, environment);
  const message = `must be ${what} of the environment's account, ${own.join(" or ")} ('allowedAccountIds')`;
  return [{ field, message, value: arn }];
}

export function foreignPartition(
  field: FieldPath,
  arn: string,
  { region }: Pick<Environment, "region">,
): Finding[] {
  const partition = partitionOf(region);
  if (!arn.startsWith("arn:") || partitionIn(arn) === partition) return [];
  return [{ field, message: `must be an ARN of ${region}'s partition, arn:${partition}:...`, value: arn }];
}

/** What the settings of one function say together. */
export function checkRoles(context: ReleaseContext): Finding[] {
  const findings = codeFolders(context.file).flatMap((folder) =>
    functionsOf(context, folder).flatMap(({ name, settings }) => {
      const places = placesOf(context, folder, name);
      return [
        ...roleOfOthers(places, name, settings),
        ...tooManyPolicies(places, name, settings, context.environment),
        ...ownInterfaces(places, settings, context.environment),
        ...givenTwice(places, name, settings),
      ];
    }),
  );
  return distinct(findings);
}

function roleOfOthers(places: readonly SettingsPlace[], name: string, settings: FunctionSettings): Finding[] {
  const given = roleFields.filter((field) => settings[field] !== undefined);
  if (settings.roleArn === undefined || given.length === 0) return [];
  const what = given.map((field) => `'${field}'`).join(", ");
  const message = `must not be given where function ${name} has ${what}: the owner of that role gives it what the function needs`;
  return [{ field: fieldOfSetting(places, "roleArn"), message, value: settings.roleArn }];
}

function tooManyPolicies(
  places: readonly SettingsPlace[],
  name: string,
  { managedPolicies = [] }: FunctionSettings,
  { quotas }: Environment,
): Finding[] {
  const most = quotas.roleManagedPolicies;
  if (managedPolicies.length <= most) return [];
  const message = `must be at most ${most} for function ${name}${raisedBy("roleManagedPolicies")}`;
  return [{ field: fieldOfSetting(places, "managedPolicies"), message, value: managedPolicies.length }];
}

/**
 * The role of a function in a VPC denies its code what Lambda does with network interfaces, and the boundary of an
 * environment with `github` denies it to all: what would be allowed here is denied there.
 */
function ownInterfaces(
  places: readonly SettingsPlace[],
  { permissions = [], vpc }: FunctionSettings,
  environment: Environment,
): Finding[] {
  if (vpc === undefined && environment.github === undefined) return [];
  const field = fieldOfSetting(places, "permissions");
  return permissions.flatMap(({ actions }, index) =>
    actions.flatMap((action, at) => {
      const denied = executionActions.vpc.find((one) => includesAction(action, one));
      if (denied === undefined) return [];
      const where = vpc === undefined ? "in an environment with 'github'" : "in a VPC";
      const message = `must not include ${denied}: it is denied to the code of a function ${where}`;
      return [{ field: [...field, index, "actions", at], message, value: action }];
    }),
  );
}

/** A variable has one value. */
function givenTwice(
  places: readonly SettingsPlace[],
  name: string,
  { environment, parameters = {}, secrets = {} }: FunctionSettings,
): Finding[] {
  const owners = [
    ["environment", environment],
    ["parameters", parameters],
  ] as const;
  return (
    [
      ["parameters", parameters],
      ["secrets", secrets],
    ] as const
  ).flatMap(([kind, given]) =>
    Object.keys(given).flatMap((variable) => {
      const owner = owners.find(([other, all]) => other !== kind && Object.hasOwn(all, variable))?.[0];
      if (owner === undefined) return [];
      const message = `must be another variable than those in '${owner}' of function ${name}`;
      return [{ field: fieldOfSetting(places, kind, variable), message, value: variable }];
    }),
  );
}
