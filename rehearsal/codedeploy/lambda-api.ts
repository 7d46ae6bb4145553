import type { ErrorCode } from "@aws-sdk/client-codedeploy";
import { Fault, ServiceError } from "./fault";
import { LocalEndpoint } from "./local-endpoint";

/** Where the calls of an alias go. */
export interface AliasRouting {
  readonly version: string;
  /** Shares from 0 to 1 of other versions. */
  readonly weights: Readonly<Record<string, number>>;
}

/** What deployments ask of Lambda. @throws LambdaError on what Lambda refuses */
export interface LambdaApi {
  getAlias(functionName: string, alias: string): Promise<AliasRouting & { readonly arn?: string }>;
  updateAlias(functionName: string, alias: string, routing: AliasRouting): Promise<void>;
  /** Starts a function, and does not wait for what it answers. */
  start(functionName: string, event: object): Promise<void>;
}

/** What Lambda refuses. */
export class LambdaError extends ServiceError {
  get fault(): Fault {
    const code = faultCodes[this.code] ?? "INTERNAL_ERROR";
    return new Fault(code, `AWS Lambda refuses: ${this.message} (${this.code})`);
  }
}

const faultCodes: Readonly<Record<string, ErrorCode>> = {
  ResourceNotFoundException: "INVALID_LAMBDA_FUNCTION",
  InvalidParameterValueException: "INVALID_LAMBDA_CONFIGURATION",
  AccessDeniedException: "IAM_ROLE_PERMISSIONS",
  TooManyRequestsException: "THROTTLED",
};

/** Lambda's API at an endpoint: https://docs.aws.amazon.com/lambda/latest/api/ */
export class LambdaEndpoint implements LambdaApi {
  private readonly endpoint: LocalEndpoint;

  constructor(url: string, region: string) {
    this.endpoint = new LocalEndpoint(url, "lambda", region);
  }

  async getAlias(functionName: string, alias: string) {
    const { AliasArn, FunctionVersion, RoutingConfig } = await this.call("GET", pathOf(functionName, alias));
    return {
      arn: AliasArn as string | undefined,
      version: String(FunctionVersion),
      weights:
        (RoutingConfig as { AdditionalVersionWeights?: Record<string, number> } | undefined)
          ?.AdditionalVersionWeights ?? {},
    };
  }

  async updateAlias(functionName: string, alias: string, { version, weights }: AliasRouting): Promise<void> {
    await this.call("PUT", pathOf(functionName, alias), {
      FunctionVersion: version,
      RoutingConfig: { AdditionalVersionWeights: weights },
    });
  }

  async start(functionName: string, event: object): Promise<void> {
    await this.call("POST", `${pathOf(functionName)}/invocations`, event, {
      "x-amz-invocation-type": "Event",
    });
  }

  private async call(
    method: string,
    path: string,
    input?: object,
    headers: Record<string, string> = {},
  ): Promise<Record<string, unknown>> {
    const { ok, code, body } = await this.endpoint
      .request(path, {
        method,
        headers: { "content-type": "application/json", ...headers },
        body: input && JSON.stringify(input),
      })
      .catch((error: Error) => {
        throw new LambdaError("ServiceException", `Lambda does not answer: ${error.message}`);
      });
    const answer = objectOf(body);
    if (ok) return answer;
    throw new LambdaError(code ?? "ServiceException", String(answer["Message"] ?? answer["message"] ?? body));
  }
}

function pathOf(functionName: string, alias?: string): string {
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}`;
  return alias === undefined ? path : `${path}/aliases/${encodeURIComponent(alias)}`;
}

function objectOf(body: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(body));
  } catch {
    return {};
  }
}
