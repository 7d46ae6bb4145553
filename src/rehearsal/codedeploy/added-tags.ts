import type { Tag } from "@aws-sdk/client-codedeploy";
import { ApiError } from "./protocol";

/** https://docs.aws.amazon.com/general/latest/gr/aws_tagging.html */
export function addTags(tags: Map<string, string>, added: readonly Tag[]): void {
  for (const { Key, Value = "" } of added) {
    if (Key === undefined || Key === "" || Key.length > 128 || Value.length > 256) {
      throw new ApiError(
        "InvalidTagsToAddException",
        `a tag must have a key of 1 to 128 characters and a value of at most 256, got ${JSON.stringify({ Key, Value })}`,
      );
    }
  }
  for (const { Key = "", Value = "" } of added) tags.set(Key, Value);
}
