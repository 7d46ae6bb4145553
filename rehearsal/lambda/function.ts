import type { Applied, AppliedState } from "../terraform/applied-state";

/** A Lambda function as it is after an apply. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly runtime: string;
  /** `greeting.handler` */
  readonly handler: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  /** The folder of its code, relative to the stack's JSON. */
  readonly sourceDir: string;
  /** Names the content of that folder. */
  readonly codeDigest: string;
  readonly permissions: readonly Permission[];
}

/** A statement of the function's resource policy. */
export interface Permission {
  readonly action: string;
  readonly principal: string;
  /** @default - any source */
  readonly sourceArn?: string;
}

/** The functions of a stack, by their names. */
export function functionsOf(state: AppliedState): Map<string, LambdaFunction> {
  return new Map(
    state.ofType("aws_lambda_function").map((applied) => {
      const one = functionOf(state, applied);
      return [one.name, one];
    }),
  );
}

function functionOf(state: AppliedState, { address, attributes }: Applied): LambdaFunction {
  const name = String(attributes["function_name"]);
  const archive = state
    .ofType("archive_file")
    .find((one) => one.attributes["output_path"] === attributes["filename"]);
  if (archive === undefined) throw new Error(`${address}: its code is not packaged by a data.archive_file`);
  const environment = attributes["environment"] as { variables?: Record<string, string> } | undefined;
  return {
    name,
    arn: String(attributes["arn"]),
    region: state.place.region,
    runtime: String(attributes["runtime"]),
    handler: String(attributes["handler"]),
    memoryMb: Number(attributes["memory_size"] ?? 128),
    timeoutSeconds: Number(attributes["timeout"] ?? 3),
    environment: environment?.variables ?? {},
    sourceDir: String(archive.attributes["source_dir"]),
    codeDigest: String(archive.attributes["output_base64sha256"]),
    permissions: state
      .ofType("aws_lambda_permission")
      .filter((permission) => permission.attributes["function_name"] === name)
      .map((permission) => ({
        action: String(permission.attributes["action"]),
        principal: String(permission.attributes["principal"]),
        sourceArn: permission.attributes["source_arn"] as string | undefined,
      })),
  };
}

/**
 * Why API Gateway may not invoke the function for this request, or `undefined` when it may.
 *
 * @param sourceArn `<execution arn>/<stage>/<METHOD>/<resource path>`
 */
export function refusal({ name, permissions }: LambdaFunction, sourceArn: string): string | undefined {
  const forApiGateway = permissions.filter(
    ({ action, principal }) => action === "lambda:InvokeFunction" && principal === "apigateway.amazonaws.com",
  );
  if (forApiGateway.length === 0) return `function ${name} has no permission for API Gateway`;
  const sources = forApiGateway.map((permission) => permission.sourceArn ?? "*");
  if (sources.some((pattern) => matches(pattern, sourceArn))) return undefined;
  return `function ${name} admits ${sources.join(" and ")}, not ${sourceArn}`;
}

/** `*` stands for any text, `?` for one character. */
function matches(pattern: string, text: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${expression}$`).test(text);
}
