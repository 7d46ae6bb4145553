import { production } from "../rehearsal/codedeploy/deployed-web";
import { targetGroupArn } from "../rehearsal/codedeploy/fake-load-balancer";

/** What a shift without a rollback has left, as the command tells it. */
export const leftText = (kept: string, group: "one" | "two", ...commands: string[]) =>
  "a stopped shift left tasks of " +
  `${kept === "v1" ? "v2 beside those of v1" : "v1 beside those of v2"}: ` +
  `'aws elbv2 modify-listener --region eu-central-1 --listener-arn ${production} ` +
  `--default-actions Type=forward,TargetGroupArn=${targetGroupArn(group)}', then ` +
  `${commands.map((one) => `'${one}'`).join(", then ")} sends all traffic to v1`;

export const ofService = "--region eu-central-1 --cluster shop-dev --service shop-dev";
export const taskSet = (number: number) =>
  `arn:aws:ecs:eu-central-1:123456789012:task-set/main/web/ecs-svc/${number}`;
export const deleted = (number: number) =>
  `aws ecs delete-task-set ${ofService} --task-set ${taskSet(number)} --force`;
