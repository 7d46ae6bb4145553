import type { IncomingMessage } from "node:http";
import { accountId } from "../account";
import type { Match } from "./router";

export interface ProxyEventInput {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly match: Match;
  /** Path without the stage. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly stageName: string;
  readonly deploymentId: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly binaryMediaTypes: readonly string[];
  readonly apiId: string;
  readonly requestId: string;
  readonly resourceId: string;
  readonly domainName: string;
  readonly now: Date;
}

/**
 * The event that a function gets from a REST API, payload format 1.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function proxyEvent(input: ProxyEventInput) {
  const { request, match, stageName, path, variables, now } = input;
  const multiValueHeaders = { ...headersOf(request), ...forwarded(request, input.requestId) };
  const multiValueQueryStringParameters = queryOf(input.query);
  const httpMethod = request.method ?? "GET";
  return {
    resource: match.resource.path,
    path,
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
      deploymentId: input.deploymentId,
      domainName: input.domainName,
      domainPrefix: input.apiId,
      extendedRequestId: `${input.requestId.replaceAll("-", "").slice(0, 15)}=`,
      httpMethod,
      identity: identityOf(request),
      path: `/${stageName}${path}`,
      protocol: `HTTP/${request.httpVersion}`,
      requestId: input.requestId,
      requestTime: commonLogTime(now),
      requestTimeEpoch: now.getTime(),
      resourceId: input.resourceId,
      resourcePath: match.resource.path,
      stage: stageName,
    },
    ...bodyOf(input),
  };
}

/** Whether a body of this content type is handed on as bytes. */
export function isBinary(contentType: string | undefined, binaryMediaTypes: readonly string[]): boolean {
  const type = contentType?.split(";")[0]?.trim().toLowerCase();
  return binaryMediaTypes.some((pattern) => {
    if (pattern === "*/*") return true;
    if (pattern.endsWith("/*")) return type?.startsWith(pattern.slice(0, -1).toLowerCase()) === true;
    return pattern.toLowerCase() === type;
  });
}

function bodyOf({ request, body, binaryMediaTypes }: ProxyEventInput) {
  if (body.length === 0) return { body: null, isBase64Encoded: false };
  const isBase64Encoded = isBinary(request.headers["content-type"], binaryMediaTypes);
  return { body: body.toString(isBase64Encoded ? "base64" : "utf8"), isBase64Encoded };
}

/** Header names as they were sent, each with all its values. */
function headersOf({ rawHeaders }: IncomingMessage): Record<string, string[]> {
  const headers = new Map<string, string[]>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    headers.set(name, [...(headers.get(name) ?? []), rawHeaders[index + 1] ?? ""]);
  }
  return Object.fromEntries(headers);
}

/** What API Gateway adds on the way. */
function forwarded({ socket }: IncomingMessage, requestId: string): Record<string, string[]> {
  return {
    "X-Forwarded-For": [socket.remoteAddress ?? "127.0.0.1"],
    "X-Forwarded-Port": [String(socket.localPort)],
    "X-Forwarded-Proto": ["http"],
    "X-Amzn-Trace-Id": [`Root=1-${requestId.slice(0, 8)}-${requestId.replaceAll("-", "").slice(8)}`],
  };
}

function queryOf(query: URLSearchParams): Record<string, string[]> | null {
  const names = [...new Set(query.keys())];
  return names.length === 0 ? null : Object.fromEntries(names.map((name) => [name, query.getAll(name)]));
}

function lastValues(values: Record<string, string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.at(-1) ?? ""]));
}

function identityOf(request: IncomingMessage) {
  return {
    accessKey: null,
    accountId: null,
    caller: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    sourceIp: request.socket.remoteAddress ?? "127.0.0.1",
    user: null,
    userAgent: request.headers["user-agent"] ?? null,
    userArn: null,
  };
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `21/Nov/2026:08:38:48 +0000` */
function commonLogTime(time: Date): string {
  const date = `${digits(time.getUTCDate())}/${months[time.getUTCMonth()]}/${time.getUTCFullYear()}`;
  return `${date}:${digits(time.getUTCHours())}:${digits(time.getUTCMinutes())}:${digits(time.getUTCSeconds())} +0000`;
}

/** Two of them at least. */
function digits(value: number): string {
  return String(value).padStart(2, "0");
}
