import type { Definition, Route } from "./definition";
import { keyOfMethod } from "./openapi-methods";
import { pathParameters } from "./path-parameters";
import { answerOptions, gatewayResponses, preflight } from "./preflight";
import { authorizationOf, securitySchemes } from "./security-schemes";
import { stageVariableOf } from "./stage-variable";
import { streamingUri } from "./streaming";

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
  const { routes, cors, binaryMediaTypes, document } = definition;
  const schemes = securitySchemes(definition, integrationUri);
  const { paths: operations, components = {}, ...rest } = asDocument(document);
  const allSchemes = { ...(components["securitySchemes"] as Json), ...schemes };
  const parts = { ...components, ...(Object.keys(allSchemes).length > 0 && { securitySchemes: allSchemes }) };
  return {
    openapi: "3.0.1",
    info: { title, version: "1" },
    paths: Object.fromEntries(
      [...new Set(routes.map((route) => route.path))].map((path) => [
        path,
        pathItem(
          path,
          routes.filter((route) => route.path === path),
          operations[path] ?? {},
          cors,
          integrationUri,
        ),
      ]),
    ),
    ...(Object.keys(parts).length > 0 && { components: parts }),
    ...(binaryMediaTypes.length > 0 && { "x-amazon-apigateway-binary-media-types": binaryMediaTypes }),
    ...rest,
    ...(cors !== undefined &&
      typeof cors.allowOrigin === "string" && {
        [gatewayResponsesKey]: {
          ...gatewayResponses(cors.allowOrigin),
          ...(rest[gatewayResponsesKey] as Json),
        },
      }),
  };
}

const gatewayResponsesKey = "x-amazon-apigateway-gateway-responses";

/** @returns what a document says, its operations by path and key */
function asDocument(document: Definition["document"]) {
  return {
    ...document,
    paths: (document?.["paths"] ?? {}) as Record<string, Json>,
    components: document?.["components"] as Json | undefined,
  } as Json & { paths: Record<string, Json>; components?: Json };
}

function pathItem(
  path: string,
  routes: readonly Route[],
  operations: Json,
  cors: Definition["cors"],
  integrationUri: (stageVariable: string) => string,
): Json {
  const methods = routes.map((route) => route.method);
  return {
    ...Object.fromEntries(
      routes.map((route) => {
        const key = keyOfMethod(route.method);
        return [
          key,
          {
            ...((operations[key] as Json | undefined) ?? {
              ...pathParameters(path),
              responses: {},
              ...authorizationOf(route),
            }),
            ...functionIntegration(route, integrationUri),
          },
        ];
      }),
    ),
    ...(cors !== undefined && !answerOptions(routes, cors) && { options: preflight(path, methods, cors) }),
  };
}

function functionIntegration(
  { function: name, timeoutSeconds, stream = false }: Route,
  integrationUri: (stageVariable: string) => string,
): Json {
  if (name === undefined) return {};
  const uri = integrationUri(stageVariableOf(name));
  return {
    "x-amazon-apigateway-integration": {
      type: "aws_proxy",
      // Lambda is always invoked by POST, whatever the method of the route.
      httpMethod: "POST",
      uri: stream ? streamingUri(uri) : uri,
      passthroughBehavior: "when_no_match",
      timeoutInMillis: Math.round(timeoutSeconds * 1000),
      ...(stream && { responseTransferMode: "STREAM" }),
    },
  };
}
