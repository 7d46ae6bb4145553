import { matchRoute } from "../../release/definition/route-match";
import { accountId } from "../account";
import { commonLogTime, extendedRequestIdOf, type ProxyEventInput } from "./proxy-event";
import type { Received } from "./received";
import { writtenHeaders } from "./request-headers";
import type { Api, ServedDeployment, Stage } from "./stage";
import type { Scope } from "./template";

/**
 * What templates of a definition may tell of a request.
 *
 * @param admission what the route's authorizer says of the caller. @default - nothing
 */
export function scopeOf(
  { id: apiId }: Pick<Api, "id">,
  { name: stage }: Stage,
  { definition, deploymentId, variables }: ServedDeployment,
  { request, requestId, httpMethod, target, now }: Received,
  { authorizer = {} }: Pick<ProxyEventInput, "authorizer"> = {},
): Scope {
  const match = matchRoute(definition.routes, httpMethod, target.path);
  return {
    context: {
      ...flattened("authorizer", authorizer),
      accountId,
      apiId,
      deploymentId,
      domainName: request.headers.host ?? "localhost",
      extendedRequestId: extendedRequestIdOf(requestId),
      httpMethod,
      "identity.sourceIp": request.socket.remoteAddress ?? "127.0.0.1",
      "identity.userAgent": request.headers["user-agent"],
      path: target.contextPath,
      protocol: `HTTP/${request.httpVersion}`,
      requestId,
      requestTime: commonLogTime(now),
      requestTimeEpoch: now.getTime(),
      resourceId: match?.route.resourceId,
      resourcePath: match?.route.path,
      stage,
    },
    stageVariables: variables,
    path: match?.pathParameters ?? {},
    query: target.query,
    headers: request.headers,
    writtenHeaders: writtenHeaders(request),
  };
}

/** `{ claims: { sub: "ada" } }` of `authorizer` gives `authorizer.claims.sub`. */
function flattened(name: string, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]): [string, unknown][] =>
      value !== null && typeof value === "object"
        ? Object.entries(flattened(`${name}.${key}`, value as Record<string, unknown>))
        : [[`${name}.${key}`, value]],
    ),
  );
}
