import type { FunctionSettingsInFile } from "../schema/release";

/** What is allowed on what. */
export interface Permission {
  /** IAM actions: `*` stands for any characters, `?` for one. */
  readonly actions: readonly string[];
  /** ARNs, with the same wildcards, or `*`. */
  readonly resources: readonly string[];
}

/** A parameter or secret that a function may read. */
export interface StoredValue {
  /** Its name, or its ARN. */
  readonly name: string;
  /** The customer managed key that encrypts it. @default - a key of AWS, which needs no permission */
  readonly kmsKeyArn?: string;
}

/** What a function may do besides writing its logs. */
export interface FunctionAccess {
  /** @default - nothing */
  readonly permissions?: readonly Permission[];
  /** ARNs of managed policies. @default - none */
  readonly managedPolicies?: readonly string[];
  /** A role that exists. @default - the stack makes one */
  readonly roleArn?: string;
  /** SSM parameters, by the environment variable that names them. @default - none */
  readonly parameters?: Readonly<Record<string, StoredValue>>;
  /** Secrets of Secrets Manager, by the environment variable that names them. @default - none */
  readonly secrets?: Readonly<Record<string, StoredValue>>;
}

/** How IAM writes an action: the wildcards stand after the colon. */
export const actionPattern = /^(\*|[a-z0-9-]+:[A-Za-z0-9*?]+)$/;

/** @throws where an action is none, or there is nothing to allow */
export function checkPermission({ actions, resources }: Permission): void {
  if (actions.length === 0) throw new Error("'actions' must have at least one action");
  if (resources.length === 0) throw new Error("'resources' must have at least one ARN");
  const wrong = actions.find((action) => !actionPattern.test(action));
  if (wrong === undefined) return;
  throw new Error(`'actions' must be IAM actions such as dynamodb:GetItem, got '${wrong}'`);
}

/** Fields of a function's settings that the role of the stack gives, and another one does not. */
export const roleFields = ["permissions", "managedPolicies", "parameters", "secrets"] as const;

/** The partition, region and account that a policy is for. */
export interface PolicyPlace {
  /** `aws`, or another one such as `aws-cn`. */
  readonly partition: string;
  /** Such as `eu-central-1`. */
  readonly region: string;
  /** 12 digits. */
  readonly accountId: string;
}

/** What a file may write down of a function that may do nothing more. */
export const noAccess = { permissions: [], managedPolicies: [], parameters: {}, secrets: {} };

/** Of the levels of settings, each going over the one before; parameters and secrets are merged by name. */
export function accessOf(levels: readonly FunctionSettingsInFile[]): FunctionAccess {
  const {
    permissions = [],
    managedPolicies = [],
    roleArn,
  } = Object.assign({}, ...levels) as FunctionSettingsInFile;
  return {
    // A reason is for who reads the file: nothing that runs depends on it.
    permissions: given(permissions.map(({ actions, resources }) => ({ actions, resources }))),
    managedPolicies: given(managedPolicies),
    roleArn,
    parameters: merged(levels.map(({ parameters }) => parameters)),
    secrets: merged(levels.map(({ secrets }) => secrets)),
  };
}

/** A field that gives nothing is as one that is not given: it leaves every fingerprint as it is. */
function given<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}

function merged(
  levels: readonly FunctionSettingsInFile["secrets"][],
): Readonly<Record<string, StoredValue>> | undefined {
  const entries = Object.entries<string | StoredValue>(Object.assign({}, ...levels));
  if (entries.length === 0) return undefined;
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === "string" ? { name: value } : value]),
  );
}

/** The environment variables that name what a function may read. */
export function storedNames({ parameters, secrets }: FunctionAccess): Readonly<Record<string, string>> {
  const all = Object.entries({ ...parameters, ...secrets });
  return Object.fromEntries(all.map(([variable, { name }]) => [variable, name]));
}

/** What a function needs to read a parameter. */
export function readsParameter({ name, kmsKeyArn }: StoredValue, place: PolicyPlace): Permission[] {
  const resource = arnOr(name, place, "ssm", `parameter/${name.replace(/^\//, "")}`);
  return [
    { actions: ["ssm:GetParameter", "ssm:GetParameters"], resources: [resource] },
    ...decrypts(kmsKeyArn),
  ];
}

/**
 * What a function needs to read a secret: its ARN ends with six characters that Secrets Manager adds to the name.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
 */
export function readsSecret({ name, kmsKeyArn }: StoredValue, place: PolicyPlace): Permission[] {
  const resource = arnOr(name, place, "secretsmanager", `secret:${name}-??????`);
  return [{ actions: ["secretsmanager:GetSecretValue"], resources: [resource] }, ...decrypts(kmsKeyArn)];
}

function arnOr(
  name: string,
  { partition, region, accountId }: PolicyPlace,
  service: string,
  resource: string,
) {
  return name.startsWith("arn:") ? name : `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}

function decrypts(key: string | undefined): Permission[] {
  return key === undefined ? [] : [{ actions: ["kms:Decrypt"], resources: [key] }];
}

/** All that the settings of a function have its role allow, one statement for each set of actions. */
export function grantsOf(
  { permissions = [], parameters, secrets }: FunctionAccess,
  place: PolicyPlace,
): Permission[] {
  const stored = [
    ...Object.values(parameters ?? {}).flatMap((one) => readsParameter(one, place)),
    ...Object.values(secrets ?? {}).flatMap((one) => readsSecret(one, place)),
  ];
  const resources = new Map<string, Set<string>>();
  for (const one of stored) {
    const key = one.actions.join();
    resources.set(key, new Set([...(resources.get(key) ?? []), ...one.resources]));
  }
  const joined = [...resources].map(([key, all]) => ({ actions: key.split(","), resources: [...all] }));
  return [...permissions, ...joined];
}
