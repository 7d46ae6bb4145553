import type { Definition, Route } from "./definition";
import { pathParameters } from "./path-parameters";
import { anyMethods, type RoutePattern } from "./route-match";

/** What API Gateway answers to browsers by itself, in the parts of an OpenAPI document. */

type Json = Record<string, unknown>;
type Cors = NonNullable<Definition["cors"]>;

/** The OPTIONS that CORS makes: of each path whose own routes do not answer it. */
export function preflightRoutes({ routes, cors }: Pick<Definition, "routes" | "cors">): RoutePattern[] {
  if (cors === undefined) return [];
  const paths = [...new Set(routes.map(({ path }) => path))];
  return paths
    .filter(
      (path) =>
        !answerOptions(
          routes.filter((route) => route.path === path),
          cors,
        ),
    )
    .map((path) => ({ method: "OPTIONS", path }));
}

/** Whether the routes of a path answer OPTIONS themselves. */
export function answerOptions(routes: readonly Route[], { preflightOfAny = false }: Cors): boolean {
  return routes.some(({ method }) => method === "OPTIONS" || (method === "ANY" && !preflightOfAny));
}

/** The mock that answers OPTIONS of a path. */
export function preflight(path: string, methods: readonly string[], cors: Cors): Json {
  const { allowOrigin } = cors;
  const isOne = typeof allowOrigin === "string";
  const headers = {
    // One of several is set by the template.
    ...(isOne ? { "Access-Control-Allow-Origin": allowOrigin } : { Vary: "Origin" }),
    "Access-Control-Allow-Methods": allowedMethods(methods).join(","),
    "Access-Control-Allow-Headers": cors.allowHeaders.join(","),
    "Access-Control-Max-Age": String(cors.maxAgeSeconds),
  };
  const names = Object.keys(headers);
  return {
    ...pathParameters(path),
    responses: {
      "204": {
        description: "CORS preflight",
        headers: Object.fromEntries(names.map((name) => [name, { schema: { type: "string" } }])),
      },
    },
    "x-amazon-apigateway-integration": {
      type: "mock",
      // Otherwise an API with binary types cannot read the template, and answers 500.
      contentHandling: "CONVERT_TO_TEXT",
      requestTemplates: { "application/json": '{"statusCode": 204}' },
      passthroughBehavior: "when_no_match",
      responses: {
        default: {
          statusCode: "204",
          responseParameters: Object.fromEntries(
            Object.entries(headers).map(([name, value]) => [`method.response.header.${name}`, `'${value}'`]),
          ),
          ...(!isOne && { responseTemplates: { "application/json": originTemplate(allowOrigin) } }),
        },
      },
    },
  };
}

/** `ANY` is no method for a browser. */
function allowedMethods(methods: readonly string[]): readonly string[] {
  return methods.includes("ANY")
    ? ["OPTIONS", ...anyMethods.filter((method) => method !== "OPTIONS")]
    : ["OPTIONS", ...methods];
}

/**
 * Answers with the request's own origin where it is one of these. API Gateway keeps header names as the client wrote
 * them, and HTTP/2 writes them small.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-override-request-response-parameters.html
 */
function originTemplate(origins: readonly string[]): string {
  return [
    '#set($origin = $input.params().header.get("Origin"))',
    '#if(!$origin || $origin == "")#set($origin = $input.params().header.get("origin"))#end',
    `#if(${origins.map((origin) => `$origin == "${origin}"`).join(" || ")})`,
    "#set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)",
    "#end",
  ].join("\n");
}

/**
 * API Gateway's own errors are readable for a browser only with the same header. They are the same for every origin, so
 * they have it only where there is one.
 */
export function gatewayResponses(allowOrigin: string): Json {
  const responseParameters = { "gatewayresponse.header.Access-Control-Allow-Origin": `'${allowOrigin}'` };
  return { DEFAULT_4XX: { responseParameters }, DEFAULT_5XX: { responseParameters } };
}
