"""moto's server, with an ECS that keeps all that a service is made with.

moto 5.2.5 forgets two settings that the AWS provider gives to every service, and Terraform would set them anew in
each plan.
"""

import sys

from moto.ecs.responses import EC2ContainerServiceResponse
from moto.server import main

create = EC2ContainerServiceResponse.create_service


def create_and_keep(response):
    answer = create(response)
    service = answer.result["service"]
    service.health_check_grace_period_seconds = response._get_int_param("healthCheckGracePeriodSeconds")
    service.availability_zone_rebalancing = response._get_param("availabilityZoneRebalancing")
    return answer


EC2ContainerServiceResponse.create_service = create_and_keep

if __name__ == "__main__":
    sys.exit(main())
