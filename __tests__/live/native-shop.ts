import { createProject } from "../support/project";
import type { AnsweringEndpoint, Answers } from "./answering-endpoint";

const at = (resource: string) => `arn:aws:ecs:eu-central-1:111122223333:${resource}`;
const balancing = (resource: string) => `arn:aws:elasticloadbalancing:eu-central-1:111122223333:${resource}`;
export const arn = at("service-deployment/shop-dev/shop-dev/TFX5sH9q9X");
export const revision = (version: string) => at(`service-revision/shop-dev/shop-dev/${version}`);
const definition = (version: string) => at(`task-definition/shop-dev-${version}:1`);
const image = (digit: string) => `registry.example.com/shop@sha256:${digit.repeat(64)}`;

export const file = "releases/dev/shop.json";
export const shopWith = (fields: object = { stable: "v2", former: "v1" }) =>
  createProject({
    "releases/dev/environment.json": { region: "eu-central-1" },
    [file]: {
      strategy: "ecs-native",
      versions: { v1: { container: { image: image("1") } }, v2: { container: { image: image("2") } } },
      ...fields,
    },
  });

/** A deployment from v1 to v2 as ECS tells it. */
export const told = (status: string, more: object = {}) => ({
  body: {
    failures: [],
    serviceDeployments: [
      {
        serviceDeploymentArn: arn,
        status,
        sourceServiceRevisions: [{ arn: revision("v1") }],
        targetServiceRevision: { arn: revision("v2"), requestedProductionTrafficWeight: 10 },
        ...more,
      },
    ],
  },
});
export const shifting = told("IN_PROGRESS", { lifecycleStage: "PRODUCTION_TRAFFIC_SHIFT" });
export const reason = "ECS deployment failed: alarm detected.";
export const rolledBack = told("ROLLBACK_SUCCESSFUL", {
  rollback: { reason, serviceRevisionArn: revision("v1") },
});

/** ECS with the shop's service, whose last deployment is told so, look after look. */
export function deployNative(
  aws: AnsweringEndpoint,
  looks: Answers,
  more: Record<string, Answers> = {},
): void {
  const version = () => {
    const body = aws.calls.at(-1)?.body as { serviceRevisionArns: string[] };
    const [asked = ""] = body.serviceRevisionArns;
    const version = asked.replace(/^.*\//, "");
    const loadBalancers = [
      {
        targetGroupArn: balancing(`targetgroup/${version === "v1" ? "green" : "blue"}/1a2b`),
        productionListenerRule: balancing("listener-rule/app/shop-dev/50dc6c495c0c9188/f2f7dc8e/9683b2d0"),
      },
    ];
    const found = {
      serviceRevisionArn: asked,
      taskDefinition: definition(version),
      resolvedConfiguration: { loadBalancers },
    };
    return { body: { serviceRevisions: [found] } };
  };
  aws.set({
    DescribeServices: { body: { services: [{ status: "ACTIVE", taskDefinition: definition("v2") }] } },
    ListServiceDeployments: {
      body: {
        serviceDeployments: [
          { serviceDeploymentArn: at("service-deployment/shop-dev/shop-dev/older"), createdAt: 1 },
          { serviceDeploymentArn: arn, createdAt: 2 },
        ],
      },
    },
    DescribeServiceDeployments: looks,
    DescribeServiceRevisions: version,
    DescribeAlarms: { body: { MetricAlarms: [], CompositeAlarms: [] } },
    StopServiceDeployment: { body: { serviceDeploymentArn: arn } },
    ...more,
  });
}
