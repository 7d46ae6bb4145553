import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { apiOf } from "../src/rehearsal/api-gateway/stage";
import { picture } from "../src/rehearsal/picture";
import { type FunctionsOutput, versionNames } from "../src/rehearsal/split";
import { AppliedState } from "../src/rehearsal/terraform/applied-state";
import { readConfiguration } from "../src/rehearsal/terraform/configuration";
import { jsonSchemas } from "../src/release/schema/json-schema";
import { referencePage } from "../src/release/schema/reference";
import { SynthesisFailed, synthesize } from "../src/synth/synthesize";
import { guardOutput } from "../src/terminal/output";
import { writeWhole } from "../src/terminal/whole-file";
import { dashboardPicture, exampleDashboard } from "./dashboard-picture";

const project = join(__dirname, "..");

/** Writes what is made from the sources: `npm run generate`. Tests fail where it is not current. */
async function generate(): Promise<void> {
  for (const [path, text] of jsonSchemas()) write(path, text);
  write("docs/release-file.md", referencePage());
  const stack = join(synthesize(project), "stacks/greeting-dev/cdk.tf.json");
  const { state } = AppliedState.empty.apply(readConfiguration(stack));
  write(
    "docs/greeting-dev.svg",
    picture(apiOf(state), versionNames(state.outputs["functions"] as FunctionsOutput)),
  );
  write("docs/dashboard.svg", dashboardPicture(await exampleDashboard(project), "greeting-dev"));
}

function write(path: string, text: string): void {
  const file = join(project, path);
  mkdirSync(dirname(file), { recursive: true });
  writeWhole(file, text, { name: path });
}

guardOutput(1);
generate().catch((error) => {
  // A failed synthesis has said itself why.
  if (!(error instanceof SynthesisFailed)) console.error(`error: ${(error as Error).message}`);
  process.exitCode = 1;
});
