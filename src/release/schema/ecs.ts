import type { z } from "zod";
import { awsLimits } from "../aws/aws-limits";
import { cidr } from "./address-ranges";
import { certificateArn } from "./certificate";
import { boolean, integer, list, map, object, oneNumberOf, oneOf, text, words } from "./fields";
import { retentionDays } from "./settings";

/** What strategies of containers have in place of functions and an API: containers behind a load balancer. */

const port = () => integer(1, 65535);

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html: MB by CPU units. */
export const fargateMemoryMb: Readonly<Record<number, { from: number; to: number; step: number }>> = {
  256: { from: 512, to: 2048, step: 1024 },
  512: { from: 1024, to: 4096, step: 1024 },
  1024: { from: 2048, to: 8192, step: 1024 },
  2048: { from: 4096, to: 16384, step: 1024 },
  4096: { from: 8192, to: 30720, step: 1024 },
  8192: { from: 16384, to: 61440, step: 4096 },
  16384: { from: 32768, to: 122880, step: 8192 },
};

const value = text("text of at most 4096 characters, none of them NUL", /^[^\0]*$/, 4096);

/** What a version runs: fixed once it is published, as its task definition is. */
export const container = object({
  image: text(
    "a container image by its digest, <registry>/<repository>@sha256:<64 hexadecimal digits>, because a tag can be moved to another image",
    /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)+@sha256:[0-9a-f]{64}$/,
    512,
  ).describe("Container image, by its digest."),
  cpu: oneNumberOf([256, 512, 1024, 2048, 4096, 8192, 16384])
    .describe("CPU units of a task; 1024 are one virtual CPU. Default: 256.")
    .default(256),
  memoryMb: integer(512, 122880, "MB")
    .describe("Memory of a task in MB, a size that Fargate offers for its 'cpu'. Default: 512.")
    .default(512),
  architecture: oneOf(["x86_64", "arm64"]).describe('Instruction set. Default: "x86_64".').default("x86_64"),
  command: words(value, 1, 100)
    .describe("The container's command, one word per item. Default: the image's command.")
    .optional(),
  environment: map(
    text(
      "a name of letters, digits and underscores, 256 at most, not starting with a digit",
      /^[A-Za-z_]\w*$/,
      256,
    ),
    value,
  )
    .describe("Environment variables. Default: none.")
    .default({}),
});

const subnets = (min: number) =>
  list(text("a subnet id such as subnet-0a1b2c3d", /^subnet-[0-9a-z]+$/, 32), min, 16, "subnet ids");

const sources = (what: string) => list(cidr, 1, 50, "address ranges").describe(what);

/** The service, its load balancer and its network: the same for every version. */
export const ecs = object({
  port: port().describe("The port that the container listens on. Default: 8080.").default(8080),
  count: integer(1, 1000, "tasks").describe("How many tasks the service starts with. Default: 2.").default(2),
  healthCheck: object({
    path: text("a path such as /health", /^\/[!-~]*$/, awsLimits.healthCheckPathCharacters.most)
      .describe('The path that the load balancer requests from each task. Default: "/".')
      .default("/"),
    graceSeconds: integer(0, 3600, "seconds")
      .describe("How long a starting task may fail the check, in seconds. Default: 60.")
      .default(60),
  })
    .describe("How the load balancer checks whether a task is healthy.")
    .prefault({}),
  listener: object({
    port: port().describe("The port for users. Default: 80, or 443 with 'certificateArn'.").optional(),
    testPort: port()
      .describe("The port on which the new version is tested before users reach it. Default: 8080, or 8443.")
      .optional(),
    certificateArn: certificateArn
      .describe("The certificate, which makes both listeners HTTPS. Default: HTTP.")
      .optional(),
    sources: sources(
      'Addresses that may call the port for users. Default: everybody, ["0.0.0.0/0"].',
    ).default(["0.0.0.0/0"]),
    testSources: sources(
      "Addresses that may call the test port, besides the hooks. Required where a hook runs in a 'network' that is not internal: the addresses of its NAT gateways. Default: none.",
    ).optional(),
  })
    .describe("The load balancer's two listeners.")
    .prefault({}),
  network: object({
    vpcId: text("a VPC id such as vpc-0a1b2c3d", /^vpc-[0-9a-z]+$/, 32).describe("The VPC."),
    loadBalancerSubnetIds: subnets(2).describe("Subnets of the load balancer, in two zones at least."),
    taskSubnetIds: subnets(1).describe(
      "Subnets of tasks and hooks, which reach ECR, CloudWatch and CodeDeploy or ECS through a NAT gateway or VPC endpoints.",
    ),
    internal: boolean()
      .describe("Whether only the VPC reaches the load balancer. Default: false.")
      .default(false),
  })
    .describe(
      "An existing network. Default: the stack creates a VPC of two zones with a NAT gateway, which AWS bills by the hour.",
    )
    .optional(),
  logRetentionDays: retentionDays().describe("Days that CloudWatch keeps the logs. Default: 14.").default(14),
});

export type ContainerInFile = z.output<typeof container>;
export type EcsInFile = z.output<typeof ecs>;
