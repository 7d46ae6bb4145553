import type { Applied, AppliedState } from "../terraform/applied-state";
import { contentOf, type FunctionContent, type PackagedCode } from "../terraform/published-versions";
import { nameOfFunction } from "../terraform/resource-types";
import { type Alias, aliasesOf } from "./alias";
import { type Permission, permissionsOf } from "./permission";
import { checkProvisionedConcurrency } from "./provisioned-concurrency";

/** A Lambda function as it is after an apply: what of it can be invoked, and by whom. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  /** `$LATEST`, and each that was published. */
  readonly versions: ReadonlyMap<string, FunctionVersion>;
  readonly aliases: ReadonlyMap<string, Alias>;
  readonly permissions: readonly Permission[];
  /** Whether it may have no execution at all: Lambda then throttles every invocation. */
  readonly isStopped: boolean;
}

/** What runs: a function's code and settings. */
export interface FunctionVersion {
  /** `$LATEST`, or its number. */
  readonly version: string;
  readonly functionName: string;
  readonly region: string;
  readonly runtime: string;
  /** `greeting.handler` */
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  /** What Lambda tells the runtime of the logs. @default - they are text */
  readonly logging?: { readonly format: string; readonly level?: string };
  /** Relative to the stack's JSON. @default - it is in S3, and the function cannot be run */
  readonly code?: PackagedCode;
  /** Those of the stack, and the ARNs of others. @default - none */
  readonly layers?: readonly (PackagedCode | string)[];
}

/**
 * The functions of a stack, by their names.
 *
 * @throws on what Lambda refuses of their aliases, and on a container image
 */
export function functionsOf(state: AppliedState): Map<string, LambdaFunction> {
  const functions = new Map(
    state.ofType("aws_lambda_function").map((applied) => {
      const one = functionOf(state, applied);
      return [one.name, one] as const;
    }),
  );
  for (const { address, attributes } of state.ofType("aws_lambda_alias")) {
    const name = nameOfFunction(attributes);
    if (!functions.has(name))
      throw new Error(`${address}: 'function_name' must be a function of the stack, got "${name}"`);
  }
  checkProvisionedConcurrency(state, functions);
  return functions;
}

function functionOf(state: AppliedState, applied: Applied): LambdaFunction {
  const { address, attributes, versions = [] } = applied;
  const name = String(attributes["function_name"]);
  const latest = { version: "$LATEST", ...contentOf(attributes, state.blocks.values()) };
  const aliases = aliasesOf(state, applied);
  return {
    name,
    arn: String(attributes["arn"]),
    versions: new Map(
      [latest, ...versions].map((one) => [
        one.version,
        versionOf(address, one.version, one, state.place.region),
      ]),
    ),
    aliases,
    permissions: permissionsOf(state, name),
    isStopped: attributes["reserved_concurrent_executions"] === 0,
  };
}

function versionOf(
  address: string,
  version: string,
  { attributes, code, layers }: FunctionContent,
  region: string,
): FunctionVersion {
  const functionName = String(attributes["function_name"]);
  if (attributes["package_type"] === "Image") {
    throw new Error(`${functionName} is a container image, which is not rehearsed`);
  }
  if (code === undefined && attributes["s3_bucket"] === undefined)
    throw new Error(`${address}: its code must be packaged by a data.archive_file, or be a file with a hash`);
  const environment = attributes["environment"] as { variables?: Record<string, string> } | undefined;
  const logging = attributes["logging_config"] as
    | { log_format?: string; application_log_level?: string }
    | undefined;
  return {
    version,
    functionName,
    region,
    runtime: String(attributes["runtime"]),
    handler: String(attributes["handler"]),
    memoryMb: Number(attributes["memory_size"] ?? 128),
    timeoutSeconds: Number(attributes["timeout"] ?? 3),
    environment: environment?.variables ?? {},
    logging: {
      format: logging?.log_format ?? "Text",
      level: logging?.log_format === "JSON" ? (logging.application_log_level ?? "INFO") : undefined,
    },
    ...(code && { code }),
    ...(layers && { layers }),
  };
}
