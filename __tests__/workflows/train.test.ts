import { rmSync } from "node:fs";
import { join } from "node:path";
import { type DeployFailed } from "../../src/workflows/apply-in-order";
import { deployEnvironment } from "../../src/workflows/deploy";
import { fakeCommands, usedInstead } from "../support/fake-commands";
import { type Files, writeFiles } from "../support/project";
import { Repository } from "../support/repository";
import { service, train } from "../support/train";

jest.setTimeout(60_000);

/** Plans what stands in the stack's folder. Where it is `broken`, an apply fails; else nothing is left after it. */
const commands = fakeCommands({
  terraform: `
    case $1 in
      plan) exit "$(cat status)" ;;
      state) echo '{ "lineage": "l1" }' ;;
      show) if [ "$(cat status)" = 0 ]; then echo '{}'; else cat shown.json; fi ;;
      apply)
        echo "applied $(basename "$PWD") $(basename "$(cd ../../..; pwd)")" >> "$APPLIED"
        if [ -e broken ]; then echo "Error: the stage cannot be changed" >&2; exit 1; fi
        echo 0 > status ;;
    esac`,
});
usedInstead(commands);

/** Writes what it is given as its output: the plan of each stack. */
const app = {
  "cdktf.json": { language: "typescript", app: "node app.js" },
  "app.js": `require("node:fs").cpSync("plans", process.env.CDKTF_OUTDIR + "/stacks", { recursive: true });`,
  ".gitignore": "cdktf.out\napplied\n",
};

type Percents = readonly [before: number, after: number];

/** A plan that gives v2 of a service another share. @param other a resource that it makes beside that */
function plan([before, after]: Percents, other?: string): object {
  const shares = (percent: number) => ({ v1: 100 - percent, v2: percent });
  const stage = (percent: number) => ({ canary_settings: [{ percent_traffic: percent }], name: "dev" });
  const change = (address: string, actions: string[], values: object) => ({
    address,
    mode: "managed",
    type: address.split(".")[0],
    change: { actions, after_unknown: { canary_settings: [{}] }, ...values },
  });
  return {
    resource_changes: [
      change("aws_api_gateway_stage.stage", ["update"], { before: stage(before), after: stage(after) }),
      ...(other === undefined ? [] : [change(other, ["delete"], { before: {}, after: null })]),
    ],
    output_changes: { traffic: { before: shares(before), after: shares(after) } },
  };
}

const planned = (folder: string, name: string, percents?: Percents, other?: string): Files => ({
  [`${folder}/${name}-dev/cdk.tf.json`]: {},
  [`${folder}/${name}-dev/status`]: percents === undefined ? "0" : "2",
  [`${folder}/${name}-dev/shown.json`]: percents === undefined ? {} : plan(percents, other),
});

/** @param former what the former commit's files would do after the deploy, by service */
function projectOf(onFailure: string, former: Record<string, Percents | undefined>, other?: string): string {
  const trains = { checkout: { services: ["orders", "billing"], onFailure } };
  const repository = new Repository({
    ...app,
    ...train({ "releases/dev/environment.json": { region: "eu-central-1", trains } }),
    ...service("billing", {}),
    ...service("orders", {}),
    ...Object.fromEntries(
      Object.entries(former).flatMap(([name, percents]) => Object.entries(planned("plans", name, percents, other))),
    ),
  });
  repository.commitAll("the train moves");
  return repository.project;
}

const folder = "cdktf.out/stacks";

/** Has the deploy find these plans, of which one cannot be applied. */
function find(project: string, plans: Record<string, Percents | undefined>, broken?: string): void {
  rmSync(join(project, "cdktf.out"), { recursive: true, force: true });
  for (const [name, percents] of Object.entries(plans)) writeFiles(project, planned(folder, name, percents));
  if (broken !== undefined) writeFiles(project, { [`${folder}/${broken}-dev/broken`]: "" });
}

let applied = "";
let before = 0;
beforeEach(() => {
  before = commands.calls().length;
  jest.spyOn(console, "log").mockImplementation(() => {});
});

/** Somebody has read the plans. */
async function deploy(project: string): Promise<{ services?: readonly string[]; error?: DeployFailed }> {
  applied = join(project, "applied");
  process.env["APPLIED"] = applied;
  const refused = await deployEnvironment(project, "dev", { reviewed: {} }).catch(({ message }: Error) => message);
  const accepted = /'accept' ([0-9a-f]{32})/.exec(String(refused))?.[1] ?? "";
  return deployEnvironment(project, "dev", { accepted }).then(
    (services) => ({ services }),
    (error: DeployFailed) => ({ error }),
  );
}
