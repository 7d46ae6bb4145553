import type { IncomingMessage } from "node:http";
import type { RouteMatch } from "../../release/definition/route-match";
import { accountId } from "../account";
import { isBinary } from "./binary-media-types";
import type { Route } from "./definition";
import { functionHeaders } from "./request-headers";
import type { RequestTarget } from "./request-target";
import type { Trace } from "./trace";
import type { ApiKey } from "./usage-plans";

export interface ProxyEventInput {
  readonly request: IncomingMessage;
  readonly httpMethod: string;
  readonly body: Buffer;
  readonly match: RouteMatch<Route>;
  readonly target: RequestTarget;
  readonly trace: Trace;
  readonly stageName: string;
  readonly deploymentId: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly binaryMediaTypes: readonly string[];
  readonly apiId: string;
  readonly requestId: string;
  readonly domainName: string;
  readonly now: Date;
  /** What the route's authorizer says of the caller. @default - it has none */
  readonly authorizer?: Readonly<Record<string, unknown>>;
  /** ARN of a caller who signs with AWS credentials. @default - the caller does not */
  readonly userArn?: string;
  /** The caller's API key, where the route needs one. @default - it needs none */
  readonly apiKey?: ApiKey;
}

/**
 * The event that a function gets from a REST API, payload format 1.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function proxyEvent(input: ProxyEventInput) {
  const { request, httpMethod, match, target, stageName, variables, now } = input;
  const { route } = match;
  const multiValueHeaders = functionHeaders(request, input.trace);
  const multiValueQueryStringParameters = queryOf(target.query);
  return {
    resource: route.path,
    path: target.path,
    httpMethod,
    headers: lastValues(multiValueHeaders),
    multiValueHeaders,
    queryStringParameters: multiValueQueryStringParameters && lastValues(multiValueQueryStringParameters),
    multiValueQueryStringParameters,
    pathParameters: match.pathParameters ?? null,
    stageVariables: Object.keys(variables).length > 0 ? variables : null,
    requestContext: {
      accountId,
      apiId: input.apiId,
      ...(input.authorizer !== undefined && { authorizer: input.authorizer }),
      deploymentId: input.deploymentId,
      domainName: input.domainName,
      domainPrefix: input.apiId,
      extendedRequestId: extendedRequestIdOf(input.requestId),
      httpMethod,
      identity: identityOf(input),
      path: target.contextPath,
      protocol: `HTTP/${request.httpVersion}`,
      requestId: input.requestId,
      requestTime: commonLogTime(now),
      requestTimeEpoch: now.getTime(),
      resourceId: route.resourceId,
      resourcePath: route.path,
      stage: stageName,
    },
    ...bodyOf(input),
  };
}

/** The other id of a request, which its answer carries as `x-amz-apigw-id`. */
export function extendedRequestIdOf(requestId: string): string {
  return `${requestId.replaceAll("-", "").slice(0, 15)}=`;
}

function bodyOf({ request, body, binaryMediaTypes }: ProxyEventInput) {
  if (body.length === 0) return { body: null, isBase64Encoded: false };
  const isBase64Encoded = isBinary(request.headers["content-type"], binaryMediaTypes);
  return { body: body.toString(isBase64Encoded ? "base64" : "utf8"), isBase64Encoded };
}

function queryOf(query: URLSearchParams): Record<string, string[]> | null {
  const names = [...new Set(query.keys())];
  return names.length === 0 ? null : Object.fromEntries(names.map((name) => [name, query.getAll(name)]));
}

function lastValues(values: Record<string, string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.at(-1) ?? ""]));
}

function identityOf({ request, apiKey, userArn }: ProxyEventInput) {
  return {
    accessKey: null,
    accountId: userArn?.split(":")[4] ?? null,
    ...(apiKey !== undefined && { apiKey: apiKey.value, apiKeyId: apiKey.id }),
    caller: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    sourceIp: request.socket.remoteAddress ?? "127.0.0.1",
    user: null,
    userAgent: request.headers["user-agent"] ?? null,
    userArn: userArn ?? null,
  };
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `21/Nov/2026:08:38:48 +0000` */
export function commonLogTime(time: Date): string {
  const date = `${digits(time.getUTCDate())}/${months[time.getUTCMonth()]}/${time.getUTCFullYear()}`;
  return `${date}:${digits(time.getUTCHours())}:${digits(time.getUTCMinutes())}:${digits(time.getUTCSeconds())} +0000`;
}

/** Two of them at least. */
function digits(value: number): string {
  return String(value).padStart(2, "0");
}
