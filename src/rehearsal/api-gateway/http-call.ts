import { type Answered, timedOut, withTrace } from "./answered";
import { atBackend, type Backends } from "./backends";
import { callEndpoint } from "./endpoint-call";
import { type EndpointInput, endpointRequest } from "./endpoint-request";
import { endpointResponse } from "./endpoint-response";
import { broken, failure } from "./gateway-response";
import type { HttpIntegration } from "./http-integration";
import { NotJson } from "./template";

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const largestAnswer = 10 * 1024 * 1024;

/** Answers a request by the address of its integration. */
export async function callHttp(
  integration: HttpIntegration,
  input: EndpointInput,
  backends: Backends,
): Promise<Answered> {
  try {
    return await answerOf(integration, input, backends);
  } catch (error) {
    if (error instanceof NotJson) return broken(500, "API_CONFIGURATION_ERROR", error.message);
    throw error;
  }
}

async function answerOf(
  integration: HttpIntegration,
  input: EndpointInput,
  backends: Backends,
): Promise<Answered> {
  const { trace, request } = input;
  const call = endpointRequest(integration, input);
  if ("reason" in call) {
    return call.statusCode === 415
      ? failure("UNSUPPORTED_MEDIA_TYPE", call.reason)
      : broken(500, "API_CONFIGURATION_ERROR", call.reason);
  }
  const there = atBackend(call, backends);
  const called = there.url.href;
  const answer = await callEndpoint(there, integration.timeoutMs, largestAnswer);
  if ("failed" in answer) {
    const { failed, reason } = answer;
    if (failed === "timeout") return { ...timedOut(reason, trace), called };
    // A connection that fails is a 504: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
    if (failed === "network") return { ...failure("INTEGRATION_FAILURE", reason), called };
    return { ...broken(500, "API_CONFIGURATION_ERROR", reason), called };
  }
  const response = endpointResponse(integration, answer, { ...input, accept: request.headers.accept });
  if ("fault" in response) {
    return { ...broken(500, "API_CONFIGURATION_ERROR", `${called}: ${response.fault}`), called };
  }
  return { response: withTrace(response, trace.forFunction), called };
}
