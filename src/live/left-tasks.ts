import type { DeploymentGroupInfo } from "@aws-sdk/client-codedeploy";
import type { Account } from "./clients";
import type { LiveService, LiveTasks } from "./live-tasks";

/** The service that tasks were left in. */
export interface LeftPlace extends Pick<Account, "region"> {
  /** Its name, and its cluster's. */
  readonly name: string;
  /** It names the listener that users come in by. */
  readonly group: DeploymentGroupInfo;
}

/**
 * Says what a shift that was not moved back has left, and which commands clear it: CodeDeploy wants a service with
 * one task set, whose target group is behind the listener.
 *
 * @param to the version that is to serve everybody then @default - the one that ECS calls primary
 */
export function leftText(
  { region, name, group }: LeftPlace,
  { primary, others }: LiveService,
  to = primary.version,
): string {
  const all = [primary, ...others];
  const kept = all.find(({ version }) => version === to) ?? primary;
  const ended = all.filter((one) => one !== kept);
  const [route] = group.loadBalancerInfo?.targetGroupPairInfoList ?? [];
  const listener = route?.prodTrafficRoute?.listenerArns?.[0] ?? "<the users' listener>";
  const service = `--region ${region} --cluster ${name} --service ${name}`;
  const commands = [
    `aws elbv2 modify-listener --region ${region} --listener-arn ${listener} --default-actions Type=forward,TargetGroupArn=${kept.targetGroupArn}`,
    ...(kept === primary
      ? []
      : [`aws ecs update-service-primary-task-set ${service} --primary-task-set ${kept.arn}`]),
    ...ended.map(({ arn }) => `aws ecs delete-task-set ${service} --task-set ${arn} --force`),
  ];
  return (
    `a stopped shift left tasks of ${versionsText(others)} beside those of ${primary.version}: ` +
    `${commands.map((command) => `'${command}'`).join(", then ")} sends all traffic to ${kept.version}`
  );
}

function versionsText(tasks: readonly LiveTasks[]): string {
  return tasks.map(({ version }) => version).join(" and ");
}
