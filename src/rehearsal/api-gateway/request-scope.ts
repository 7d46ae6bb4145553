import { matchRoute } from "../../release/definition/route-match";
import { accountId } from "../account";
import { commonLogTime, extendedRequestIdOf } from "./proxy-event";
import type { Received } from "./received";
import type { Api, ServedDeployment, Stage } from "./stage";
import type { Scope } from "./template";

/** What templates of a definition may tell of a request. */
export function scopeOf(
  { id: apiId }: Pick<Api, "id">,
  { name: stage }: Stage,
  { definition, deploymentId, variables }: ServedDeployment,
  { request, requestId, httpMethod, target, now }: Received,
): Scope {
  const match = matchRoute(definition.routes, httpMethod, target.path);
  return {
    context: {
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
  };
}
