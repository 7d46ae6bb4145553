"""Lets LocalStack 4.5.0 update an alias that has weights.

It answers every such call with an error of its own, because the function that reads the weights is not told which
version the alias names. Creating an alias with weights is not concerned.
"""

from localstack.services.lambda_.invocation.lambda_models import AliasRoutingConfig
from localstack.services.lambda_.provider import LambdaProvider


def mend() -> None:
    read = LambdaProvider._create_routing_config_model

    def read_weights(provider, weights, function_version=None):
        if function_version is None:
            return AliasRoutingConfig(version_weights=weights)
        return read(provider, weights, function_version)

    LambdaProvider._create_routing_config_model = read_weights
