import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { LambdaService } from "../lambda/lambda-service";
import type { Random } from "../random";
import type { Definition, Integration } from "./definition";
import { qualifiedName, targetOf } from "./integration-target";
import { proxyEvent } from "./proxy-event";
import { type HttpResponse, proxyResponse } from "./proxy-response";
import { decide } from "./resource-policy";
import { findRoute, type Match } from "./router";
import type { Api, Side, Stage } from "./stage";
import { Throttle } from "./throttle";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const largestRequest = 10 * 1024 * 1024;
/** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const largestAnswer = 6 * 1024 * 1024;

/** What became of one request: what the access log of a stage would say. */
export interface RequestRecord {
  readonly requestId: string;
  readonly httpMethod: string;
  readonly path: string;
  readonly status: number;
  /** Whether the canary served it. @default - it did not get as far as a stage */
  readonly isCanary?: boolean;
  /** The function that was named for it. */
  readonly functionName?: string;
  /** The version of it that ran, or was meant to: `$LATEST`, or its number. */
  readonly functionVersion?: string;
  /** Why API Gateway itself answered. @default - the function answered */
  readonly reason?: string;
}

interface Answered {
  readonly response: HttpResponse;
  readonly functionName?: string;
  readonly functionVersion?: string;
  readonly reason?: string;
}

/** Serves the stages of one API over HTTP, as API Gateway does. */
export class Gateway {
  private api?: Api;
  private throttles = new Map<string, Throttle>();

  /** @param now milliseconds of a clock that does not go back, for the throttles. @default - this machine's */
  constructor(
    private readonly lambda: LambdaService,
    private readonly random: Random,
    private readonly onRequest: (record: RequestRecord) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Puts the API of an apply in place; a request that runs is finished with what it began with. */
  apply(api: Api): void {
    this.api = api;
    this.throttles = new Map(
      api.stages.map((stage) => [stage.name, new Throttle(stage.throttling, this.now())]),
    );
  }

  /** Answers every request, also one that a fault of the rehearsal itself keeps from being answered well. */
  async handle(request: IncomingMessage): Promise<HttpResponse> {
    const requestId = randomUUID();
    // A proxy's client may send the whole address.
    const url = (request.url ?? "/").replace(/^https?:\/\/[^/]*/i, "") || "/";
    const question = url.indexOf("?");
    const fullPath = question === -1 ? url : url.slice(0, question);
    const [, stageName = ""] = fullPath.split("/", 2);
    const path = fullPath.slice(stageName.length + 1) || "/";
    const httpMethod = request.method ?? "GET";
    const stage = this.api?.stages.find((one) => one.name === stageName);

    const query = new URLSearchParams(question === -1 ? "" : url.slice(question + 1));
    const { answered, isCanary } =
      stage === undefined
        ? { answered: failure(403, "Forbidden", `there is no stage '${stageName}'`), isCanary: undefined }
        : await this.serve(stage, { request, requestId, httpMethod, path, query });
    const { response, ...who } = answered;
    this.onRequest({ requestId, httpMethod, path, status: response.statusCode, isCanary, ...who });
    return { ...response, headers: { ...response.headers, "x-amzn-requestid": requestId } };
  }

  /** Each request is drawn for itself: nobody is the canary's for good. */
  private async serve(stage: Stage, received: Received) {
    const { canary } = stage;
    const isCanary = canary !== undefined && this.random() * 100 < canary.percent;
    const side = isCanary ? canary.side : stage.stable;
    const answered = await this.answer(stage, side, received).catch((error: Error) =>
      failure(500, "Internal server error", `the rehearsal failed: ${error.message}`),
    );
    return { answered: withErrorHeaders(answered, side.definition), isCanary };
  }

  private async answer(stage: Stage, side: Side, received: Received): Promise<Answered> {
    const { request, httpMethod, path } = received;
    const body = await readBody(request);
    if (body === undefined) return failure(413, "Request Too Long", "the request is larger than 10 MB");
    const refused = this.policyRefusal(stage, side, received);
    if (refused?.decision === "denied") return refused.answered;
    const match = findRoute(side.definition, httpMethod, path);
    if (match === undefined) {
      return failure(403, "Missing Authentication Token", `no route for ${httpMethod} ${path}`);
    }
    if (match.method.authorization === "AWS_IAM") {
      return failure(403, "Missing Authentication Token", "AWS_IAM: the rehearsal admits no signed request");
    }
    // A policy that does not name a route leaves it to AWS_IAM, and closes every other.
    if (refused !== undefined) return refused.answered;
    if (match.method.authorization === "cognito") {
      return failure(401, "Unauthorized", "Cognito: the rehearsal admits no token");
    }
    if (this.throttles.get(stage.name)?.admits(this.now()) === false) {
      return failure(429, "Too Many Requests", "the stage is throttled");
    }
    const { integration } = match.method;
    if (integration.type === "mock") {
      return { response: { statusCode: integration.statusCode, headers: integration.headers, body: "" } };
    }
    return this.invoke(stage, side, match, integration, { ...received, body });
  }

  private async invoke(
    stage: Stage,
    side: Side,
    match: Match,
    integration: Integration & { type: "lambda" },
    { request, requestId, path, query, body }: Received & { body: Buffer },
  ): Promise<Answered> {
    const api = this.api as Api;
    const target = targetOf(integration.uri, side.variables);
    if ("reason" in target) return failure(500, "Internal server error", target.reason);

    const sourceArn = `${api.executionArn}/${stage.name}/${request.method}${match.resource.path}`;
    const reached = this.lambda.reach(target, sourceArn);
    const who = { functionName: target.functionName, functionVersion: reached.functionVersion };
    if ("refused" in reached) return { ...failure(500, "Internal server error", reached.refused), ...who };
    const event = proxyEvent({
      request,
      body,
      match,
      path,
      query,
      stageName: stage.name,
      deploymentId: side.deploymentId,
      variables: side.variables,
      binaryMediaTypes: side.definition.binaryMediaTypes,
      apiId: api.id,
      requestId,
      resourceId: match.resource.id,
      domainName: request.headers.host ?? "localhost",
      now: new Date(),
    });
    const name = qualifiedName(target);
    const result = await within(integration.timeoutMs, reached.invoke(event));
    if (result === undefined) {
      const reason = `${name} took longer than the integration's ${integration.timeoutMs} ms`;
      return { ...failure(504, "Endpoint request timed out", reason), ...who };
    }
    if (!result.ok) return { ...broken(name, result.error), ...who };
    const response = proxyResponse(result.answer, request.headers.accept, side.definition.binaryMediaTypes);
    if ("malformed" in response) return { ...broken(name, response.malformed), ...who };
    if (result.bytes > largestAnswer) return { ...broken(name, "the answer is larger than 6 MB"), ...who };
    return { response, ...who };
  }

  /** @returns `undefined` for a caller whom the deployment's resource policy admits */
  private policyRefusal(stage: Stage, { policy }: Side, { request, httpMethod, path }: Received) {
    if (policy === undefined) return undefined;
    const { executionArn } = this.api as Api;
    // Not X-Forwarded-For, which callers write.
    const address = request.socket.remoteAddress ?? "127.0.0.1";
    const resource = `${executionArn}/${stage.name}/${httpMethod}${path}`;
    const decision = decide(policy, resource, address);
    if (decision === "allowed") return undefined;
    const explicitly = decision === "denied" ? " with an explicit deny" : "";
    const answered = failure(
      403,
      `User: anonymous is not authorized to perform: execute-api:Invoke on resource: ${masked(resource)}${explicitly}`,
      decision === "denied"
        ? `the resource policy denies ${address} ${resource}`
        : `the resource policy does not allow ${address} ${resource}`,
      "Message",
    );
    return { decision, answered };
  }
}

interface Received {
  readonly request: IncomingMessage;
  readonly requestId: string;
  readonly httpMethod: string;
  /** Without the stage. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/** The account in an ARN, as API Gateway tells it to a caller. */
function masked(arn: string): string {
  return arn.replace(/:\d{8}(\d{4}):/, ":********$1:");
}

/** @param field what the body calls the message: most of API Gateway's own errors begin it small */
function failure(statusCode: number, message: string, reason: string, field = "message"): Answered {
  const headers = { "content-type": "application/json" };
  return { response: { statusCode, headers, body: JSON.stringify({ [field]: message }) }, reason };
}

/** A function that gives no answer which can be passed on. */
function broken(functionName: string, reason: string): Answered {
  return failure(502, "Internal server error", `${functionName}: ${reason}`);
}

/** API Gateway's own errors get the headers of the definition's gateway responses. */
function withErrorHeaders(answered: Answered, { errorHeaders }: Definition): Answered {
  if (answered.reason === undefined) return answered;
  const { response } = answered;
  const added = errorHeaders[response.statusCode < 500 ? "4XX" : "5XX"];
  return { ...answered, response: { ...response, headers: { ...response.headers, ...added } } };
}

/** @returns `undefined` for a body that is larger than API Gateway takes */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  if (length === undefined && encoding === undefined) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // The rest is read and dropped, so that the caller gets to see the answer.
    if (size <= largestRequest) chunks.push(chunk);
  }
  return size > largestRequest ? undefined : Buffer.concat(chunks);
}

/** @returns `undefined` when the time is over */
function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), timeoutMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
