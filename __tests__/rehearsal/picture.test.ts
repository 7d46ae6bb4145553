import { readFileSync } from "node:fs";
import { join } from "node:path";
import { apiOf } from "../../src/rehearsal/api-gateway/stage";
import { picture } from "../../src/rehearsal/picture";
import { versionNames } from "../../src/rehearsal/split";
import { AppliedState } from "../../src/rehearsal/terraform/applied-state";
import { readConfiguration } from "../../src/rehearsal/terraform/configuration";
import { projectFolder } from "../support/command";
import { synthesizeProject, temporaryFolder } from "../support/project";

test("the README's picture is that of the example's stack: npm run generate writes it", async () => {
  const outdir = await synthesizeProject(projectFolder, join(temporaryFolder(), "cdktf.out"));
  const { state } = AppliedState.empty.apply(
    readConfiguration(join(outdir, "stacks/greeting-dev/cdk.tf.json")),
  );
  const functions = { v1: { greeting: "greeting-dev-v1" }, v2: { greeting: "greeting-dev-v2" } };
  const drawn = picture(apiOf(state), versionNames(functions));
  expect(drawn).toBe(readFileSync(join(projectFolder, "docs/greeting-dev.svg"), "utf8"));
  expect(drawn).toContain("<title>90 % of the requests to v1, 10 % of the requests to v2</title>");
});
