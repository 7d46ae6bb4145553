import { readFileSync } from "node:fs";
import { join } from "node:path";
import { synthesizeFiles } from "../support/project";
import { shopWithTriggers } from "../support/triggers";

test("a version is read back with the settings that the file gives, and with no others", async () => {
  const conditionOf = async (settings: object) => {
    const outdir = await synthesizeFiles(shopWithTriggers({ triggers: {}, settings }));
    const text = readFileSync(join(outdir, "stacks/shop-dev/cdk.tf.json"), "utf8");
    return [
      "ephemeral_storage",
      "kms_key_arn",
      "log_format",
      "application_log_level",
      "system_log_level",
    ].filter((name) => text.includes(`jsonencode(self.${name}`) || text.includes(`.${name}) == jsonencode(`));
  };
  expect(await conditionOf({})).toEqual([]);
  expect(await conditionOf({ logging: { format: "text" }, ephemeralStorageMb: 1024 })).toEqual([
    "ephemeral_storage",
    "log_format",
  ]);
  const kmsKeyArn = "arn:aws:kms:eu-central-1:111122223333:key/1a2b";
  const logging = { format: "json", applicationLevel: "warn", systemLevel: "warn" };
  expect(await conditionOf({ kmsKeyArn, logging })).toEqual([
    "kms_key_arn",
    "log_format",
    "application_log_level",
    "system_log_level",
  ]);
});
