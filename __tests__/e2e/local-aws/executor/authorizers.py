"""Has LocalStack 4.5.0 ask the Lambda authorizers of an API, which it imports and never asks.

Those of the type TOKEN, without keeping their answers. Of a policy it knows actions and resources with wildcards.
"""

import json
import re
from fnmatch import fnmatchcase

from localstack.aws.connect import connect_to
from localstack.services.apigateway.next_gen.execute_api import handlers
from localstack.services.apigateway.next_gen.execute_api.gateway_response import (
    AccessDeniedError,
    AuthorizerConfigurationError,
    UnauthorizedError,
)
from localstack.services.apigateway.next_gen.execute_api.helpers import render_uri_with_stage_variables


def mend() -> None:
    handlers.preprocess_request.append(authorize)


def authorize(chain, context, response) -> None:
    method = context.resource_method
    if method.get("authorizationType") != "CUSTOM":
        return
    authorizer = context.deployment.rest_api.authorizers[method["authorizerId"]]
    if authorizer["type"] != "TOKEN":
        raise AuthorizerConfigurationError()
    header = authorizer["identitySource"].removeprefix("method.request.header.")
    token = context.invocation_request["headers"].get(header)
    if not token:
        raise UnauthorizedError("Unauthorized")

    path = context.invocation_request["path"].lstrip("/")
    api = f"arn:aws:execute-api:{context.region}:{context.account_id}:{context.api_id}"
    method_arn = f"{api}/{context.stage}/{context.invocation_request['http_method']}/{path}"
    # A canary's stage variables lead to the canary's authorizer.
    uri = render_uri_with_stage_variables(authorizer["authorizerUri"], context.stage_variables)
    function = re.search(r"/functions/(.+)/invocations$", uri).group(1)
    event = {"type": "TOKEN", "authorizationToken": token, "methodArn": method_arn}
    lambda_client = connect_to(aws_access_key_id=context.account_id, region_name=context.region).lambda_
    answer = lambda_client.invoke(FunctionName=function, Payload=json.dumps(event))
    policy = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        # The runtime tells an error with its name and its stack.
        if re.match(r"(\w+: )?Unauthorized(\n|$)", policy["errorMessage"]):
            raise UnauthorizedError("Unauthorized")
        raise AuthorizerConfigurationError()

    effects = [
        statement["Effect"]
        for statement in policy["policyDocument"]["Statement"]
        if covers(statement["Action"], "execute-api:Invoke") and covers(statement["Resource"], method_arn)
    ]
    if "Deny" in effects:
        raise AccessDeniedError("User is not authorized to access this resource with an explicit deny")
    if "Allow" not in effects:
        raise AccessDeniedError("User is not authorized to access this resource")
    context.context_variables["authorizer"] = {
        **policy.get("context", {}),
        "principalId": policy["principalId"],
    }


def covers(patterns, value: str) -> bool:
    return any(fnmatchcase(value, one) for one in ([patterns] if isinstance(patterns, str) else patterns))
