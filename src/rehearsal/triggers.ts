import type { Block, Configuration } from "./terraform/configuration";

/** How many triggers a stack has: the rehearsal sends requests, and plays none of them. */
export function countTriggers({ blocks }: Pick<Configuration, "blocks">): number {
  return blocks.filter(isTrigger).length;
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
