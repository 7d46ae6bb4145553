import { arn, type BlockType } from "./block-type";

/** What a service of containers is made of. */
export const containerTypes: Readonly<Record<string, BlockType>> = {
  aws_ecs_cluster: {
    arguments: { name: "used" },
    attributes: ({ name }, _, place) => {
      const own = arn(place, "ecs", `cluster/${name}`);
      return { id: own, arn: own };
    },
  },
  aws_ecs_service: {
    arguments: {
      name: "used",
      cluster: "used",
      task_definition: "used",
      desired_count: "used",
      deployment_controller: { type: "used" },
      load_balancer: {
        target_group_arn: "used",
        container_name: "used",
        container_port: "used",
        advanced_configuration: {
          alternate_target_group_arn: "used",
          production_listener_rule: "used",
          test_listener_rule: "used",
          role_arn: "used",
        },
      },
      deployment_configuration: {
        strategy: "used",
        bake_time_in_minutes: "used",
        canary_configuration: { canary_percent: "used", canary_bake_time_in_minutes: "used" },
        linear_configuration: { step_percent: "used", step_bake_time_in_minutes: "used" },
        // The output `hooks` names them.
        lifecycle_hook: "unnoticed",
      },
      alarms: { enable: "used", rollback: "used", alarm_names: "used" },
      // Tasks that are not well are waited for, and then the deployment fails.
      deployment_circuit_breaker: "unnoticed",
      launch_type: "unnoticed",
      // Tasks are asked from the beginning: they start at once.
      health_check_grace_period_seconds: "unnoticed",
      network_configuration: "unnoticed",
    },
    attributes: ({ name, cluster }) => ({
      id: `${String(cluster).replace(":cluster/", ":service/")}/${name}`,
    }),
  },
  aws_ecs_task_definition: {
    arguments: {
      family: "used",
      container_definitions: "handed on",
      requires_compatibilities: "unnoticed",
      network_mode: "unnoticed",
      cpu: "unnoticed",
      memory: "unnoticed",
      runtime_platform: "unnoticed",
      execution_role_arn: "unnoticed",
      task_role_arn: "unnoticed",
    },
    attributes: ({ family }, _, place, generation) => ({
      arn: arn(place, "ecs", `task-definition/${family}:${generation + 1}`),
    }),
  },
  aws_lb: {
    arguments: {
      name: "used",
      load_balancer_type: "unnoticed",
      internal: "unnoticed",
      subnets: "unnoticed",
      security_groups: "unnoticed",
      drop_invalid_header_fields: "unnoticed",
      enable_deletion_protection: "unnoticed",
    },
    attributes: ({ name }, id, place) => ({
      arn: arn(place, "elasticloadbalancing", `loadbalancer/app/${name}/${id}`),
      arn_suffix: `app/${name}/${id}`,
      dns_name: `${name}-${id}.${place.region}.elb.${place.dnsSuffix}`,
    }),
  },
  aws_lb_listener: {
    arguments: {
      load_balancer_arn: "used",
      port: "used",
      protocol: "used",
      default_action: { type: "used", target_group_arn: "used" },
      certificate_arn: "unnoticed",
      ssl_policy: "unnoticed",
    },
    attributes: ({ load_balancer_arn }, id) => ({
      arn: `${String(load_balancer_arn).replace(":loadbalancer/", ":listener/")}/${id}`,
    }),
  },
  aws_lb_listener_rule: {
    arguments: {
      listener_arn: "used",
      priority: "unnoticed",
      condition: "unnoticed",
      action: { type: "used", forward: { target_group: { arn: "used", weight: "used" } } },
    },
    attributes: ({ listener_arn }, id) => ({
      arn: `${String(listener_arn).replace(":listener/", ":listener-rule/")}/${id}`,
    }),
  },
  aws_lb_target_group: {
    arguments: {
      name: "used",
      health_check: { path: "used" },
      target_type: "unnoticed",
      port: "unnoticed",
      protocol: "unnoticed",
      protocol_version: "unnoticed",
      deregistration_delay: "unnoticed",
      vpc_id: "unnoticed",
    },
    attributes: ({ name }, id, place) => {
      const suffix = `targetgroup/${name}/${id}`;
      return { arn: arn(place, "elasticloadbalancing", suffix), arn_suffix: suffix };
    },
  },
  "data.aws_availability_zones": {
    arguments: { state: "unnoticed", filter: "unnoticed" },
    attributes: (_, __, { region }) => ({ names: ["a", "b", "c"].map((zone) => `${region}${zone}`) }),
  },
  aws_eip: {
    arguments: { domain: "unnoticed", tags: "unnoticed" },
    // Of a range that is nobody's: https://www.rfc-editor.org/rfc/rfc5737
    attributes: (_, id) => ({ id, public_ip: "192.0.2.1" }),
  },
};

/** The network that a service is in: here everything reaches everything. */
export const networkTypes = [
  "aws_internet_gateway",
  "aws_nat_gateway",
  "aws_route",
  "aws_route_table",
  "aws_route_table_association",
  "aws_security_group",
  "aws_subnet",
  "aws_vpc",
  "aws_vpc_security_group_egress_rule",
  "aws_vpc_security_group_ingress_rule",
];
