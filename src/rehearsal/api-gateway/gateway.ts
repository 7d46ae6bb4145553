import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { matchRoute } from "../../release/definition/route-match";
import type { Caller } from "../caller";
import type { OnChunk } from "../lambda/invocation";
import type { LambdaService } from "../lambda/lambda-service";
import { bodyOf } from "../loopback";
import type { Random } from "../random";
import {
  type Answered,
  functionFailed,
  malformed,
  mockResponse,
  streamed,
  timedOut,
  withTrace,
} from "./answered";
import { type Backends, noBackends } from "./backends";
import {
  accessDenied,
  broken,
  failure,
  type GatewayAnswer,
  noStage,
  notRehearsed,
  rehearsalFailed,
} from "./gateway-response";
import { renderedResponse } from "./gateway-responses";
import { callHttp } from "./http-call";
import type { Integration } from "./integration";
import { qualifiedName, targetOf } from "./integration-target";
import { LambdaAuthorizers } from "./lambda-authorizers";
import { extendedRequestIdOf, type ProxyEventInput, proxyEvent } from "./proxy-event";
import { type HttpResponse, proxyResponse } from "./proxy-response";
import type { Received } from "./received";
import { scopeOf } from "./request-scope";
import { requestTarget } from "./request-target";
import { decide } from "./resource-policy";
import type { Api, ServedDeployment, Stage } from "./stage";
import { streamedAnswer } from "./streamed-answer";
import { Throttle } from "./throttle";
import { traceOf } from "./trace";
import { Usage } from "./usage";

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
  /** The stage that was called. @default - a load balancer was */
  readonly stageName?: string;
  /** Whether the canary served it. @default - it did not get as far as a stage */
  readonly isCanary?: boolean;
  /** The function that was named for it. */
  readonly functionName?: string;
  /** The version of it that ran, or was meant to: `$LATEST`, or its number. */
  readonly functionVersion?: string;
  /** The alias or version by which it was named. @default - its name alone */
  readonly qualifier?: string;
  /** The address that an HTTP integration called. @default - none did */
  readonly called?: string;
  /** Why API Gateway itself answered, or why an answer broke off. @default - the function answered */
  readonly reason?: string;
  /** How long it took, in milliseconds. @default - a load balancer was called */
  readonly tookMs?: number;
}

/** Serves the stages of one API over HTTP, as API Gateway does. */
export class Gateway {
  private api?: Api;
  private throttles = new Map<string, Throttle>();
  private readonly authorizers: LambdaAuthorizers;
  private readonly usage: Usage;

  /**
   * @param now milliseconds of a clock that does not go back, for throttles and caches. @default - this machine's
   * @param caller who calls routes with Cognito or AWS_IAM. @default - nobody may
   * @param backends what is called in place of the addresses of HTTP integrations. @default - nothing
   */
  constructor(
    private readonly lambda: LambdaService,
    private readonly random: Random,
    private readonly onRequest: (record: RequestRecord) => void,
    private readonly now: () => number = () => performance.now(),
    private readonly caller: Caller = {},
    private readonly backends: Backends = noBackends,
  ) {
    this.authorizers = new LambdaAuthorizers(lambda, now);
    this.usage = new Usage(now);
  }

  /** Puts the API of an apply in place; a request that runs is finished with what it began with. */
  apply(api: Api): void {
    this.api = api;
    this.throttles = new Map();
    for (const { name, throttling, routeThrottling } of api.stages) {
      this.throttles.set(name, new Throttle(throttling, this.now()));
      for (const [route, own] of routeThrottling)
        this.throttles.set(`${name} ${route}`, new Throttle(own, this.now()));
    }
  }

  /** Answers every request, also one that a fault of the rehearsal itself keeps from being answered well. */
  async handle(request: IncomingMessage): Promise<HttpResponse> {
    const startedAt = performance.now();
    const requestId = randomUUID();
    const target = requestTarget(request.url ?? "/");
    const { stageName, path } = target;
    const httpMethod = methodOf(request);
    const stage = this.api?.stages.find((one) => one.name === stageName);

    const now = new Date();
    const received = {
      request,
      requestId,
      httpMethod,
      target,
      now,
      trace: traceOf(headerOf(request, "x-amzn-trace-id"), now),
    };
    const { answered, isCanary }: { answered: Answered; isCanary?: boolean } =
      stage === undefined
        ? { answered: noStage(stageName), isCanary: undefined }
        : await this.serve(stage, received);
    const { response, error: _, ended, ...who } = answered;
    const status = response.statusCode;
    const tookMs = performance.now() - startedAt;
    const record = { requestId, httpMethod, path, stageName, status, isCanary, tookMs, ...who };
    if (ended === undefined) this.onRequest(record);
    else ended.then((reason) => this.onRequest({ ...record, reason }));
    const ids = { "x-amzn-requestid": requestId, "x-amz-apigw-id": extendedRequestIdOf(requestId) };
    return { ...response, headers: { ...response.headers, ...ids } };
  }

  /** Each request is drawn for itself: nobody is the canary's for good. */
  private async serve(stage: Stage, received: Received) {
    const { canary } = stage;
    const isCanary = canary !== undefined && this.random() * 100 < canary.percent;
    const served = isCanary ? canary.served : stage.stable;
    const answered: Answered = await this.answer(stage, served, received).catch(rehearsalFailed);
    if (answered.reason === undefined) return { answered, isCanary };
    const scope = scopeOf(this.api as Api, stage, served, received);
    const response = renderedResponse(answered, served.definition.gatewayResponses, scope);
    return { answered: { ...answered, response }, isCanary };
  }

  private async answer(stage: Stage, served: ServedDeployment, received: Received): Promise<Answered> {
    const { request, httpMethod, target } = received;
    const body = await bodyOf(request, largestRequest);
    if (body === undefined) return failure("REQUEST_TOO_LARGE", "the request is larger than 10 MB");
    const match = matchRoute(served.definition.routes, httpMethod, target.path);
    const isSigned = match?.route.authorization === "AWS_IAM";
    const refused = this.policyRefusal(stage, served, received, isSigned ? this.caller.userArn : undefined);
    if (refused?.decision === "denied") return refused.answered;
    if (match === undefined) {
      return failure("MISSING_AUTHENTICATION_TOKEN", `no route for ${httpMethod} ${target.path}`);
    }
    const { authorization, integration } = match.route;
    if (authorization === "AWS_IAM" && this.caller.userArn === undefined) {
      return failure("MISSING_AUTHENTICATION_TOKEN", "AWS_IAM: the rehearsal accepts no signed requests");
    }
    const input = this.eventInput(stage, served, { ...received, body, match });
    const admission = await this.admit(served, input, refused?.answered);
    if ("response" in admission) return admission;
    const key: Pick<ProxyEventInput, "apiKey"> | GatewayAnswer = match.route.needsKey
      ? this.usage.admit(stage, ...keyOf(served.definition, request, admission.usageKey))
      : {};
    if ("response" in key) return key;
    const route = `${match.route.method} ${match.route.path}`;
    const ofRoute = this.throttles.get(`${stage.name} ${route}`);
    if ((ofRoute ?? this.throttles.get(stage.name))?.admits(this.now()) === false) {
      return failure("THROTTLED", `${ofRoute === undefined ? "the stage" : route} is throttled`);
    }
    const invalid = match.route.validator?.({
      headerNames: request.rawHeaders.filter((_, index) => index % 2 === 0),
      contentType: request.headers["content-type"],
      query: target.query,
      body,
    });
    if (invalid !== undefined) return invalid;
    if (integration.type === "other") return notRehearsed(integration.what);
    if (integration.type === "mock") {
      const scope = scopeOf(this.api as Api, stage, served, received);
      return { response: mockResponse(integration, headerOf(request, "origin"), scope) };
    }
    if (integration.type === "http") {
      const scope = scopeOf(this.api as Api, stage, served, received, admission);
      return callHttp(integration, { ...input, scope }, this.backends);
    }
    return this.invoke(integration, { ...input, ...admission, ...key });
  }

  /**
   * Asks whoever decides on a route. A policy that does not name the route leaves it to AWS_IAM and to a Lambda
   * authorizer, and closes every other.
   *
   * @param refused what a caller gets whom the resource policy does not allow
   */
  private async admit(
    { policy }: ServedDeployment,
    input: ProxyEventInput,
    refused: GatewayAnswer | undefined,
  ): Promise<Admitted | GatewayAnswer> {
    const { authorization, scopes } = input.match.route;
    const { claims, userArn } = this.caller;
    if (authorization === "AWS_IAM") return { userArn };
    if (typeof authorization === "object") {
      const { executionArn } = this.api as Api;
      const isAllowedByPolicy = policy !== undefined && refused === undefined;
      return this.authorizers.admit(authorization, { ...input, executionArn, isAllowedByPolicy });
    }
    if (refused !== undefined) return refused;
    if (authorization !== "cognito") return {};
    if (claims === undefined) return failure("UNAUTHORIZED", "Cognito: the rehearsal accepts no tokens");
    const has = claims["scope"]?.split(" ") ?? [];
    if (scopes?.some((one) => has.includes(one)) === false)
      return failure("UNAUTHORIZED", `Cognito: the caller has none of the scopes ${scopes.join(", ")}`);
    return { authorizer: { claims } };
  }

  private eventInput(
    stage: Stage,
    { deploymentId, variables, definition }: ServedDeployment,
    received: Received & Pick<ProxyEventInput, "body" | "match">,
  ): ProxyEventInput {
    return {
      ...received,
      stageName: stage.name,
      deploymentId,
      variables,
      binaryMediaTypes: definition.binaryMediaTypes,
      apiId: (this.api as Api).id,
      domainName: received.request.headers.host ?? "localhost",
    };
  }

  private async invoke(
    integration: Integration & { type: "lambda" },
    input: ProxyEventInput & Received,
  ): Promise<Answered> {
    const { executionArn } = this.api as Api;
    const { request, httpMethod, trace, match, stageName, binaryMediaTypes } = input;
    const target = targetOf(integration.uri, input.variables);
    if ("reason" in target) return broken(500, "API_CONFIGURATION_ERROR", target.reason);

    const sourceArn = `${executionArn}/${stageName}/${httpMethod}${match.route.path}`;
    const reached = this.lambda.reach(target, sourceArn);
    const who = { ...target, functionVersion: reached.functionVersion };
    if ("refused" in reached) return { ...broken(500, "API_CONFIGURATION_ERROR", reached.refused), ...who };
    const name = qualifiedName(target);
    const { timeoutMs } = integration;
    if (integration.isStreamed) {
      const run = (onChunk: OnChunk) => reached.invoke(proxyEvent(input), trace.forCaller, onChunk);
      return { ...streamed(await streamedAnswer(run, timeoutMs), name, trace), ...who };
    }
    const result = await within(timeoutMs, reached.invoke(proxyEvent(input), trace.forCaller));
    // What takes long on purpose says so, and is not waited for.
    if (result === undefined || (result.tookMs ?? 0) >= timeoutMs) {
      const why = result?.ok === false ? `: ${result.error}` : "";
      return {
        ...timedOut(`${name} took longer than the integration's ${timeoutMs} ms${why}`, trace),
        ...who,
      };
    }
    if (!result.ok) return { ...functionFailed(`${name}: ${result.error}`), ...who };
    const response = proxyResponse(result.answer, request.headers.accept, binaryMediaTypes);
    if ("fault" in response) {
      const why = result.isStream === true ? "; it streams its answer, and the route does not" : "";
      return { ...malformed(response.statusCode, `${name}: ${response.fault}${why}`), ...who };
    }
    if (result.bytes > largestAnswer)
      return { ...malformed(502, `${name}: the answer is larger than 6 MB`), ...who };
    return { response: withTrace(response, trace.forCaller), ...who };
  }

  /** @returns `undefined` for a caller whom the deployment's resource policy admits */
  private policyRefusal(
    stage: Stage,
    { policy }: ServedDeployment,
    { request, httpMethod, target }: Received,
    userArn: string | undefined,
  ) {
    if (policy === undefined) return undefined;
    const { executionArn } = this.api as Api;
    // Not X-Forwarded-For, which callers write.
    const address = request.socket.remoteAddress ?? "127.0.0.1";
    const resource = `${executionArn}/${stage.name}/${httpMethod}${target.path}`;
    const decision = decide(policy, resource, address, userArn);
    if (decision === "allowed") return undefined;
    const explicitly = decision === "denied" ? " with an explicit deny" : "";
    const may = `execute-api:Invoke on resource: ${masked(resource)}${explicitly}`;
    const answered = accessDenied(
      `User: ${userArn ?? "anonymous"} is not authorized to perform: ${may}`,
      decision === "denied"
        ? `the resource policy denies ${userArn ?? address} ${resource}`
        : `the resource policy does not allow ${address} ${resource}`,
    );
    return { decision, answered };
  }
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html */
function methodOf(request: IncomingMessage): string {
  return headerOf(request, "x-http-method-override")?.toUpperCase() ?? request.method ?? "GET";
}

/** What is known of a caller who is let through. */
type Admitted = Pick<ProxyEventInput, "authorizer" | "userArn"> & { readonly usageKey?: string };

/** The API key of a request, and what gives it. */
function keyOf(
  { takesKeysFromAuthorizer }: ServedDeployment["definition"],
  request: IncomingMessage,
  ofAuthorizer: string | undefined,
): [key: string | undefined, from: string] {
  return takesKeysFromAuthorizer
    ? [ofAuthorizer, "usageIdentifierKey in the authorizer's answer"]
    : [headerOf(request, "x-api-key"), "x-api-key in the request"];
}

/** @param name in small letters */
function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : undefined;
}

/** The account in an ARN, as API Gateway tells it to a caller. */
function masked(arn: string): string {
  return arn.replace(/:\d{8}(\d{4}):/, ":********$1:");
}

/** @returns `undefined` when the time is over */
function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), timeoutMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
