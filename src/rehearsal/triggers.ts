import { constructIds } from "../release/construct-ids";
import type { Block, Configuration } from "./terraform/configuration";

/** How many triggers a stack has: the rehearsal sends requests, and plays none of them. */
export function countTriggers({ blocks }: Pick<Configuration, "blocks">): number {
  return blocks.filter((block) => isTrigger(block) && !isOfGuard(block.address)).length;
}

/** What wakes a guard invokes no version of the service. @param address `aws_cloudwatch_event_target.guard_alarms_target_1A2B3C4D` */
export function isOfGuard(address: string): boolean {
  return address.split(".")[1]?.startsWith(`${constructIds.guard}_`) === true;
}

function isTrigger({ type, arguments: args }: Block): boolean {
  switch (type) {
    case "aws_lambda_event_source_mapping":
    case "aws_cloudwatch_event_target":
      return true;
    case "aws_sns_topic_subscription":
      return args["protocol"] === "lambda";
    case "aws_lambda_permission":
      return args["principal"] === "s3.amazonaws.com";
    default:
      return false;
  }
}
