import type { Definition, Route } from "./definition";
import { pathParameters } from "./path-parameters";
import { answerOptions, gatewayResponses, preflight } from "./preflight";
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
    ...(cors !== undefined &&
      typeof cors.allowOrigin === "string" && {
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
    ...(cors !== undefined && !answerOptions(routes, cors) && { options: preflight(path, methods, cors) }),
  };
}
