import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { partitionOf } from "../../src/release/aws/aws-regions";
import type { StateResource } from "./terraform";

type Attributes = Readonly<Record<string, unknown>>;

/** What a region of three zones answers to DescribeAvailabilityZones. */
const zones = `<DescribeAvailabilityZonesResponse><availabilityZoneInfo>${["a", "b", "c"]
  .map((zone) => `<item><zoneName>eu-central-1${zone}</zoneName><zoneId>euc1-az-${zone}</zoneId></item>`)
  .join("")}</availabilityZoneInfo></DescribeAvailabilityZonesResponse>`;

const servers = new Set<Server>();

/** Ends every AWS of this process. */
export function stopAws(): void {
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
}

/** A test sends what is there to this path. */
const stockPath = "/stock";

/** What data sources may read. */
interface Stock {
  readonly functions: readonly Attributes[];
  readonly parameters: readonly Attributes[];
}

/** Has the functions and parameters of a state be there, and no others. */
export async function haveStock(awsUrl: string, resources: readonly StateResource[]): Promise<void> {
  const ofType = (type: string) =>
    resources
      .filter((one) => one.type === type)
      .flatMap(({ instances }) => instances.map(({ attributes }) => attributes));
  const stock: Stock = {
    functions: ofType("aws_lambda_function"),
    parameters: ofType("aws_ssm_parameter"),
  };
  await fetch(`${awsUrl}${stockPath}`, {
    method: "PUT",
    // A connection that is kept may be closed in the very moment that it is used again.
    headers: { connection: "close" },
    body: JSON.stringify(stock),
  });
}

/**
 * Answers what the data sources of a plan ask: who the caller is, in the partition of the region that asks, its zones,
 * and the functions and parameters of the state that the plan starts from, as AWS has them after an apply that did not
 * fail.
 */
export class AwsOfPlans {
  /** By name. */
  private functions: ReadonlyMap<string, Attributes> = new Map();
  /** By name. */
  private parameters: ReadonlyMap<string, Attributes> = new Map();

  private constructor(private readonly server: Server) {
    server.on("request", (request, response) => this.answer(request, response));
  }

  static async start(): Promise<AwsOfPlans> {
    const server = createServer();
    servers.add(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new AwsOfPlans(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "", this.url);
    const asked = await text(request);
    if (pathname === stockPath) {
      const { functions, parameters } = JSON.parse(asked) as Stock;
      this.functions = new Map(functions.map((one) => [String(one["function_name"]), one]));
      this.parameters = new Map(parameters.map((one) => [String(one["name"]), one]));
      response.end();
      return;
    }
    if (request.headers["x-amz-target"] === "AmazonSSM.GetParameter") {
      const parameter = this.parameters.get((JSON.parse(asked) as { Name: string }).Name);
      response.writeHead(parameter === undefined ? 400 : 200, {
        "content-type": "application/x-amz-json-1.1",
      });
      response.end(JSON.stringify(ofParameter(parameter)));
      return;
    }
    const [, name, what] = /^\/[\d-]+\/functions\/([^/]+)\/?(.*)$/.exec(pathname) ?? [];
    if (name !== undefined) {
      const { status, body } = ofFunction(
        this.functions.get(name),
        what ?? "",
        searchParams.get("Qualifier"),
      );
      response.writeHead(status, { "content-type": "application/json", ...errorType(status) });
      response.end(JSON.stringify(body));
      return;
    }
    response.writeHead(200, { "content-type": "text/xml" });
    response.end(asked.includes("Action=DescribeAvailabilityZones") ? zones : identity(request));
  }
}

/** GetFunction, ListVersionsByFunction and GetFunctionCodeSigningConfig. */
function ofFunction(
  attributes: Attributes | undefined,
  what: string,
  qualifier: string | null,
): { status: number; body: object } {
  if (attributes === undefined) return { status: 404, body: { Message: "Function not found" } };
  const latest = String(attributes["version"]);
  if (what === "code-signing-config") return { status: 200, body: {} };
  if (what === "versions") {
    return { status: 200, body: { Versions: [configuration(attributes, latest)] } };
  }
  const version = qualifier ?? "$LATEST";
  const isThere = version === "$LATEST" || Number(version) <= Number(latest);
  if (!isThere) return { status: 404, body: { Message: `Function not found: ${version}` } };
  const { image_uri: ImageUri } = attributes;
  return { status: 200, body: { Configuration: configuration(attributes, version), Code: { ImageUri } } };
}

/** GetParameter. */
function ofParameter(attributes: Attributes | undefined): object {
  if (attributes === undefined) return { __type: "ParameterNotFound" };
  const { name: Name, insecure_value: Value, arn: ARN } = attributes;
  return { Parameter: { Name, Value, ARN, Type: "String", Version: 1, DataType: "text" } };
}

function configuration(attributes: Attributes, version: string): object {
  const first = (name: string) => (attributes[name] as Attributes[] | undefined)?.[0];
  return {
    FunctionName: attributes["function_name"],
    FunctionArn: `${attributes["arn"]}${version === "$LATEST" ? "" : `:${version}`}`,
    Version: version,
    CodeSha256: attributes["source_code_hash"],
    PackageType: attributes["package_type"],
    Role: attributes["role"],
    Runtime: attributes["runtime"],
    Handler: attributes["handler"],
    MemorySize: attributes["memory_size"],
    Timeout: attributes["timeout"],
    Layers: (attributes["layers"] as string[] | null)?.map((Arn) => ({ Arn })),
    Environment: first("environment") && { Variables: first("environment")?.["variables"] },
    DeadLetterConfig: first("dead_letter_config") && {
      TargetArn: first("dead_letter_config")?.["target_arn"],
    },
    TracingConfig: first("tracing_config") && { Mode: first("tracing_config")?.["mode"] },
  };
}

function errorType(status: number): Record<string, string> {
  return status === 200 ? {} : { "x-amzn-errortype": "ResourceNotFoundException" };
}

function identity(request: IncomingMessage): string {
  const region = /Credential=[^/]+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? "")?.[1] ?? "";
  return (
    `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:${partitionOf(region)}:iam::123456789012:user/test</Arn>` +
    "<UserId>TEST</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
  );
}
