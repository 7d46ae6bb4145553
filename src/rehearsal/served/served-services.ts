import { json } from "../loopback";
import type { AwsService } from "../rollout/steps/aws-server";

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export function identity(account: string): AwsService {
  return ({ name }, { state }) => {
    if (name !== "GetCallerIdentity") return undefined;
    const [allowed] = state.place.allowedAccounts;
    const body = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Account>${allowed ?? account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
    return { status: 200, headers: { "content-type": "text/xml" }, body };
  };
}

/** https://docs.aws.amazon.com/apigateway/latest/api/API_GetRestApis.html */
export const restApis: AwsService = ({ name }, { state }) => {
  if (name !== "GET /restapis") return undefined;
  const item = state
    .ofType("aws_api_gateway_rest_api")
    .map(({ attributes }) => ({ id: attributes["id"], name: attributes["name"] }));
  return json({ item });
};
