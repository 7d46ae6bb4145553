import type { Definition, Route } from "./definition";
import type { RoutePattern } from "./route-match";
import { authorizationOf, securitySchemes } from "./security-schemes";
import { stageVariableOf } from "./stage-variable";

type Json = Record<string, unknown>;

/**
 * The OpenAPI document of a definition, with API Gateway's extensions: one argument of one resource, so that
 * a changed definition, also one with a route less, is replaced as a whole before any deployment snapshots it.
 * Single methods and integrations would be deleted in no certain order with the new deployment.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
 *
 * @param title name of the API
 * @param integrationUri the address that API Gateway calls, for the stage variable that names a function
 */
export function openApiDocument(
  definition: Definition,
  title: string,
  integrationUri: (stageVariable: string) => string,
): Json {
  const { routes, cors, binaryMediaTypes } = definition;
  const schemes = securitySchemes(definition, integrationUri);
  return {
    openapi: "3.0.1",
    info: { title, version: "1" },
    paths: Object.fromEntries(
      [...new Set(routes.map((route) => route.path))].map((path) => [
        path,
        pathItem(
          path,
          routes.filter((route) => route.path === path),
          cors,
          integrationUri,
        ),
      ]),
    ),
    ...(Object.keys(schemes).length > 0 && { components: { securitySchemes: schemes } }),
    ...(binaryMediaTypes.length > 0 && { "x-amazon-apigateway-binary-media-types": binaryMediaTypes }),
    ...(cors !== undefined && {
      "x-amazon-apigateway-gateway-responses": gatewayResponses(cors.allowOrigin),
    }),
  };
}

function pathItem(
  path: string,
  routes: readonly Route[],
  cors: Definition["cors"],
  integrationUri: (stageVariable: string) => string,
): Json {
  const methods = routes.map((route) => route.method);
  return {
    ...Object.fromEntries(
      routes.map((route) => [
        route.method === "ANY" ? "x-amazon-apigateway-any-method" : route.method.toLowerCase(),
        {
          ...pathParameters(path),
          responses: {},
          ...authorizationOf(route),
          "x-amazon-apigateway-integration": {
            type: "aws_proxy",
            // Lambda is always invoked by POST, whatever the method of the route.
            httpMethod: "POST",
            uri: integrationUri(stageVariableOf(route.function)),
            passthroughBehavior: "when_no_match",
            timeoutInMillis: Math.round(route.timeoutSeconds * 1000),
          },
        },
      ]),
    ),
    ...(cors !== undefined && !answerOptions(routes) && { options: preflight(path, methods, cors) }),
  };
}

/** The OPTIONS that CORS makes: of each path whose own routes do not answer it. */
export function preflightRoutes({ routes, cors }: Pick<Definition, "routes" | "cors">): RoutePattern[] {
  if (cors === undefined) return [];
  const paths = [...new Set(routes.map(({ path }) => path))];
  return paths
    .filter((path) => !answerOptions(routes.filter((route) => route.path === path)))
    .map((path) => ({ method: "OPTIONS", path }));
}

function answerOptions(routes: readonly Route[]): boolean {
  return routes.some(({ method }) => method === "OPTIONS" || method === "ANY");
}

function pathParameters(path: string): Json {
  const names = [...path.matchAll(/\{([^{}+]+)\+?\}/g)].map((match) => match[1]);
  if (names.length === 0) return {};
  return {
    parameters: names.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })),
  };
}

function preflight(path: string, methods: readonly string[], cors: NonNullable<Definition["cors"]>): Json {
  const headers = {
    "Access-Control-Allow-Origin": cors.allowOrigin,
    "Access-Control-Allow-Methods": ["OPTIONS", ...methods].join(","),
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
        },
      },
    },
  };
}

/** API Gateway's own errors are readable for a browser only with the same header. */
function gatewayResponses(allowOrigin: string): Json {
  const responseParameters = { "gatewayresponse.header.Access-Control-Allow-Origin": `'${allowOrigin}'` };
  return { DEFAULT_4XX: { responseParameters }, DEFAULT_5XX: { responseParameters } };
}
