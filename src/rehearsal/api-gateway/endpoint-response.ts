import { answerHeaders } from "./answer-headers";
import { isBinary } from "./binary-media-types";
import type { EndpointAnswer } from "./endpoint-call";
import type { HttpIntegration, IntegrationResponse } from "./http-integration";
import type { HttpResponse } from "./proxy-response";
import type { Scope } from "./template";

/** Who gets the answer of an address. */
interface Caller {
  readonly accept: string | undefined;
  readonly binaryMediaTypes: readonly string[];
  readonly scope: Scope;
}

/** What is said of a caller's answer when there is none to be made. */
export interface UnusableAnswer {
  readonly fault: string;
}

/**
 * The answer of an HTTP integration to its caller: as the address gave it, or as an integration response makes it.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/request-response-data-mappings.html
 */
export function endpointResponse(
  integration: HttpIntegration,
  answer: EndpointAnswer,
  caller: Caller,
): HttpResponse | UnusableAnswer {
  const body = converted(answer, caller);
  if (typeof body === "object" && "fault" in body) return body;
  if (integration.isProxy) return { statusCode: answer.status, headers: passedHeaders(answer), body };
  const chosen = integration.responses.find(({ pattern }) => pattern?.test(String(answer.status)) ?? true);
  if (chosen === undefined) return { fault: `no integration response is for status ${answer.status}` };
  return mappedResponse(chosen, { ...answer, body: Buffer.from(body) }, caller);
}

/** API Gateway writes its own id under the name, and keeps the address's under another. */
function passedHeaders({ headers }: EndpointAnswer): HttpResponse["headers"] {
  const renamed = [...headers].map(([name, values]) => [
    name.toLowerCase() === "x-amzn-requestid" ? "x-amzn-remapped-x-amzn-requestid" : name,
    values,
  ]);
  return Object.fromEntries(answerHeaders(undefined, Object.fromEntries(renamed)));
}

function mappedResponse(
  { statusCode, headers, templates }: IntegrationResponse,
  answer: EndpointAnswer,
  { accept, scope }: Caller,
): HttpResponse {
  const values = headers.map(([name, read]) => [name, read(scope, answer.headers)] as const);
  const [contentType, template] = templateFor(templates, accept);
  return {
    statusCode,
    headers: {
      "content-type": contentType,
      ...Object.fromEntries(
        answerHeaders(Object.fromEntries(values.filter(([, value]) => value !== "")), {}),
      ),
    },
    body: template === undefined ? answer.body : template(scope, answer.body.toString("utf8")),
  };
}

/** Of several templates `Accept` chooses, then application/json, then the first. */
function templateFor(templates: IntegrationResponse["templates"], accept: string | undefined) {
  const json = "application/json";
  const [first = json] = templates.keys();
  const type = [accept ?? json, json].find((one) => templates.has(one)) ?? first;
  return [type, templates.get(type)] as const;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings-workflow.html */
function converted(
  { headers, body }: EndpointAnswer,
  { accept, binaryMediaTypes }: Caller,
): Buffer | string | UnusableAnswer {
  const type = [...headers].find(([name]) => name.toLowerCase() === "content-type")?.[1][0];
  const wantsBytes = isBinary(accept?.split(",")[0], binaryMediaTypes);
  if (isBinary(type, binaryMediaTypes)) return wantsBytes ? body : body.toString("base64");
  const text = body.toString("utf8");
  if (!wantsBytes) return text;
  if (/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return Buffer.from(text, "base64");
  return { fault: `the answer of type ${type} is not base64, and its caller accepts ${accept}` };
}
