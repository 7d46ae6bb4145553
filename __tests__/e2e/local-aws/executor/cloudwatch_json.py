"""Lets LocalStack 4.5.0 understand CloudWatch's calls in JSON, which the AWS SDK for JavaScript sends.

It knows those in forms alone, as Terraform sends them, and answers others with an error of its own.
"""

import copy

from botocore.model import ServiceModel
from localstack.aws.handlers import service
from localstack.aws.spec import load_service

target = "GraniteServiceVersion20100801"


def mend() -> None:
    of_forms = load_service("cloudwatch")
    description = copy.deepcopy(of_forms._service_description)
    description["metadata"].update(protocol="json", jsonVersion="1.0", targetPrefix=target)
    of_json = ServiceModel(description, of_forms.service_name)
    determine = service.determine_aws_service_model

    def determine_by_target(request):
        is_json = request.headers.get("x-amz-target", "").startswith(f"{target}.")
        return of_json if is_json else determine(request)

    service.determine_aws_service_model = determine_by_target
