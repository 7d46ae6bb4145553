"""moto's server, with an ECS that keeps all that a service is made with.

moto 5.2.5 forgets two settings that the AWS provider gives to every service, and Terraform would set them anew in
each plan. A service that CodeDeploy deploys has its first task set from the start, as ECS makes it. And no task set
has tasks: moto would begin some, and fails where only the task, and not its container, is given memory.
"""

import sys

from moto.ecs.models import EC2ContainerServiceBackend
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.server import main

create = EC2ContainerServiceResponse.create_service
create_task_set = EC2ContainerServiceBackend.create_task_set


def create_and_keep(response):
    answer = create(response)
    service = answer.result["service"]
    service.health_check_grace_period_seconds = response._get_int_param("healthCheckGracePeriodSeconds")
    service.availability_zone_rebalancing = response._get_param("availabilityZoneRebalancing")
    if service.deployment_controller["type"] == "CODE_DEPLOY":
        first = response.ecs_backend.create_task_set(
            service.name,
            service.cluster_name,
            service.task_definition,
            network_configuration=service.network_configuration,
            load_balancers=service.load_balancers,
            launch_type=service.launch_type,
            platform_version=service.platform_version,
        )
        first.status = "PRIMARY"
    return answer


def create_without_tasks(backend, *args, scale=None, **options):
    return create_task_set(backend, *args, **options)


EC2ContainerServiceResponse.create_service = create_and_keep
EC2ContainerServiceBackend.create_task_set = create_without_tasks

if __name__ == "__main__":
    sys.exit(main())
