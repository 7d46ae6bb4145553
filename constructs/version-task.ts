import { EcsTaskDefinition } from "@cdktf/provider-aws/lib/ecs-task-definition";
import { Construct } from "constructs";
import { type ContainerVersion, taskFamily } from "../src/release/shifts/ecs";
import { outlivesPointers } from "./outlives-pointers";
import type { TaskRoles } from "./task-roles";

export interface VersionTaskProps {
  /** Name of the release. */
  readonly name: string;
  /** Name of the container: that of the service. */
  readonly containerName: string;
  /** The port that it listens on. */
  readonly port: number;
  /** Where the tasks write their logs. */
  readonly region: string;
  /** What the tasks may do. */
  readonly roles: TaskRoles;
  /** Its container. */
  readonly version: ContainerVersion;
}

/** What a version brings: a task definition of its own, which stays as it is until the version is pruned. */
export class VersionTask extends Construct {
  /** ARN of the task definition, with its revision. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: VersionTaskProps) {
    super(scope, id);
    const { name, roles, version } = props;
    const { cpu, memoryMb, architecture } = version.container;
    this.arn = new EcsTaskDefinition(this, "Resource", {
      family: taskFamily(name, version.name),
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: String(cpu),
      memory: String(memoryMb),
      runtimePlatform: {
        operatingSystemFamily: "LINUX",
        cpuArchitecture: architecture === "arm64" ? "ARM64" : "X86_64",
      },
      executionRoleArn: roles.executionRoleArn,
      taskRoleArn: roles.taskRoleArn,
      containerDefinitions: JSON.stringify([this.renderContainer(props)]),
      lifecycle: outlivesPointers,
      dependsOn: [roles.policy],
    }).arn;
  }

  private renderContainer({ containerName, port, region, roles, version }: VersionTaskProps) {
    const { image, command, environment } = version.container;
    const variables = Object.entries(environment).sort(([one], [other]) => (one < other ? -1 : 1));
    return {
      name: containerName,
      image,
      essential: true,
      command,
      environment: variables.map(([variable, value]) => ({ name: variable, value })),
      portMappings: [{ containerPort: port, hostPort: port, protocol: "tcp" }],
      logConfiguration: {
        logDriver: "awslogs",
        options: {
          "awslogs-group": roles.logGroupName,
          "awslogs-region": region,
          "awslogs-stream-prefix": version.name,
        },
      },
    };
  }
}
