import { ApiError, type ExceptionName } from "./protocol";

/** What a kind of name is called, and the codes that refuse one. */
interface NameKind {
  readonly field: string;
  readonly missing: ExceptionName;
  readonly invalid: ExceptionName;
}

const kinds = {
  application: {
    field: "applicationName",
    missing: "ApplicationNameRequiredException",
    invalid: "InvalidApplicationNameException",
  },
  group: {
    field: "deploymentGroupName",
    missing: "DeploymentGroupNameRequiredException",
    invalid: "InvalidDeploymentGroupNameException",
  },
  config: {
    field: "deploymentConfigName",
    missing: "DeploymentConfigNameRequiredException",
    invalid: "InvalidDeploymentConfigNameException",
  },
} satisfies Record<string, NameKind>;

/** @returns the name, which has 1 to 100 characters */
export function checkName(kind: keyof typeof kinds, name: string | undefined): string {
  const { field, missing, invalid } = kinds[kind];
  if (name === undefined || name === null || name === "") {
    throw new ApiError(missing, `'${field}' must be given`);
  }
  if (typeof name !== "string" || name.length > 100) {
    throw new ApiError(invalid, `'${field}' must have 1 to 100 characters, got ${JSON.stringify(name)}`);
  }
  return name;
}
