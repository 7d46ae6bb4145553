import { z } from "zod";
import { schemaFindings } from "../../schema/problems";
import { methodsByKey } from "../openapi-methods";
import { functionKey, integrationKey } from "./integrations";
import type { Report } from "./report";

const must = (allowed: string) => ({ error: `must be ${allowed}` });
const text = z.string(must("text")).optional();
const truth = z.boolean(must("true or false")).optional();
const anything = z.looseObject({}, must("an object"));
const object = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.looseObject(shape, must("an object"));
const byName = <One extends z.ZodType>(one: One) => z.record(z.string(), one, must("an object"));
const listOf = <One extends z.ZodType>(one: One) => z.array(one, must("a list"));

const integration = object({
  type: text,
  uri: text,
  requestTemplates: byName(z.string(must("text"))).optional(),
  requestParameters: byName(z.string(must("text"))).optional(),
  responses: byName(object({ responseTemplates: byName(z.string(must("text"))).optional() })).optional(),
});

const parameter = object({ required: truth });

const operation = z.looseObject(
  {
    parameters: listOf(parameter).optional(),
    security: listOf(
      z.record(z.string(), listOf(z.string(must("text"))), must("an object that names schemes")),
    ).optional(),
    requestBody: object({
      content: byName(object({ schema: anything.optional() })).optional(),
      required: truth,
    }).optional(),
    responses: byName(object({ headers: anything.optional() })).optional(),
    "x-amazon-apigateway-request-validator": text,
    "x-amazon-apigateway-auth": anything.optional(),
    [functionKey]: text,
    [integrationKey]: integration.optional(),
  },
  must("an operation"),
);

const pathItem = object({
  parameters: listOf(parameter).optional(),
  ...Object.fromEntries(Object.keys(methodsByKey).map((key) => [key, operation.optional()])),
});

const securityScheme = object({
  type: text,
  name: text,
  "x-amazon-apigateway-authtype": text,
  "x-amazon-apigateway-authorizer": object({ type: text, identitySource: text }).optional(),
});

const wholeNumber = must("a whole number of bytes between 0 and 10485760");

/** Of what kind each part is that is read, or that API Gateway gets as it is. Whatever else there is may be anything. */
const shape = object({
  paths: byName(pathItem).optional(),
  components: object({
    schemas: byName(anything).optional(),
    securitySchemes: byName(securityScheme).optional(),
    parameters: byName(parameter).optional(),
    requestBodies: byName(anything).optional(),
    responses: byName(anything).optional(),
  }).optional(),
  "x-amazon-apigateway-request-validator": text,
  "x-amazon-apigateway-request-validators": byName(
    object({ validateRequestBody: truth, validateRequestParameters: truth }),
  ).optional(),
  "x-amazon-apigateway-gateway-responses": byName(
    object({
      responseParameters: byName(z.string(must("text"))).optional(),
      responseTemplates: byName(z.string(must("text"))).optional(),
    }),
  ).optional(),
  "x-amazon-apigateway-api-key-source": z
    .enum(["HEADER", "AUTHORIZER"], must('"HEADER" or "AUTHORIZER"'))
    .optional(),
  "x-amazon-apigateway-minimum-compression-size": z
    .number(wholeNumber)
    .int(wholeNumber)
    .min(0, wholeNumber)
    .max(10_485_760, wholeNumber)
    .optional(),
});

/** @returns whether all parts are of their kind */
export function checkShape(document: unknown, report: Report): boolean {
  const { success, error } = shape.safeParse(document, { reportInput: true });
  for (const { field, message, value } of schemaFindings(shape, error?.issues ?? []))
    report(field, message, value);
  return success;
}
