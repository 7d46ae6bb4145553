import "../support/testing-cdktf";
import { join } from "node:path";
import { App } from "cdktf";
import { review } from "../../src/review/review";
import { addReleases } from "../../stacks/releases";
import { BlueGreenStageStack as FormerStack } from "../support/former-blue-green-stack";
import { createProject, type Files, synthesizeFiles } from "../support/project";
import { catalog } from "../support/release-steps";
import { planFiles, Repository } from "../support/repository";
import { describePlans, terraform } from "./describe-plans";
import { touchedNames } from "./plan";
import type { Plan } from "./terraform";

const { first, defined, definedPromoted, blue, withDefinition, with: release } = catalog;

const greenAlias = ["aws_lambda_alias.green-alias", "aws_lambda_permission.green-alias_permission"];
const stage = "update aws_api_gateway_stage.green-stage";

/** What each version brings by now, and the dashboard. */
const ofVersions = [
  "create aws_cloudwatch_dashboard.dashboard",
  ...["1", "2"].flatMap((version) => [
    `create aws_lambda_alias.version_${version}_alias`,
    `create aws_lambda_permission.version_${version}_alias_permission`,
  ]),
];

/** Synthesizes a project with the stack that it had. */
async function synthesizeFormer(files: Files): Promise<string> {
  const project = createProject(files);
  const app = new App({ outdir: join(project, "cdktf.out") });
  await addReleases(app, project, { stacks: { "blue-green-stage": FormerStack } });
  app.synth();
  return join(app.outdir, "stacks/catalog-dev");
}

/** The folder of the stack, which is synthesized once. */
function once(synthesize: (files: Files) => Promise<string>): (files: Files) => Promise<string> {
  const known = new Map<Files, Promise<string>>();
  return (files) => {
    const folder = known.get(files) ?? synthesize(files);
    known.set(files, folder);
    return folder;
  };
}

const former = once(synthesizeFormer);
const current = once(async (files) => join(await synthesizeFiles(files), "stacks/catalog-dev"));

/** What was deployed, of which the first deploy published version 1 and the second one version 2. */
const deploys = (deployed: Files) => Promise.all([first, deployed].map(former));

/** The first plan after the update of this project. */
async function planOf(files: Files, deployed = files): Promise<Plan> {
  return terraform().plan(await current(files), await deploys(deployed));
}

const sorted = (...names: string[]) => names.sort();

describePlans("a blue/green stage that was deployed when the alias green moved", () => {
  test.each([
    ["with the old definition", defined, "v1"],
    ["with the new definition", definedPromoted, "v2"],
  ])(
    "has its stage moved to the alias of its version %s, and keeps its deployments",
    async (_, files, alias) => {
      const made = await planOf(files);
      expect(touchedNames(made)).toEqual(
        sorted(...ofVersions, stage, ...greenAlias.map((one) => `delete ${one}`)),
      );
      const { before, after, unknown } =
        made.changes.find(({ type }) => type === "aws_api_gateway_stage") ?? {};
      expect(after).toEqual({ ...before, variables: { alias } });
      expect(unknown).not.toContain("deployment_id");
    },
  );

  test("keeps the alias green where the file asks for it", async () => {
    const made = await planOf(withDefinition({ stable: 1, greenAlias: true }), defined);
    expect(touchedNames(made)).toEqual(sorted(...ofVersions, stage));
  });

  test("has its stage blue moved too, and nothing of it made anew", async () => {
    const ofBlue = ["aws_lambda_alias.blue-alias", "aws_lambda_permission.blue-alias_permission"];
    expect(touchedNames(await planOf(blue))).toEqual(
      sorted(
        ...ofVersions,
        stage,
        "update aws_api_gateway_stage.blue_stage",
        ...[...greenAlias, ...ofBlue].map((one) => `delete ${one}`),
      ),
    );
  });

  test("gives up the executions of green, and makes those of its version beside it", async () => {
    const concurrency = "aws_lambda_provisioned_concurrency_config";
    const made = await planOf(release({ versions: { "1": { provisionedConcurrency: 5 } }, stable: 1 }));
    expect(touchedNames(made).filter((one) => one.includes(concurrency))).toEqual([
      `create ${concurrency}.version_1_alias_provisioned-concurrency`,
      `delete ${concurrency}.green-alias_provisioned-concurrency`,
    ]);
  });

  test("is not deployed without a word: a review finds what no step explains", async () => {
    const repository = new Repository(defined);
    const json = await terraform().planJson(await current(defined), await deploys(defined));
    const { findings } = await review({ project: repository.project, base: "main", plans: planFiles(json) });
    expect(findings.map(({ check, place, message }) => `${check}: ${place} ${message}`)).toContain(
      "unexplained change: aws_lambda_alias.green-alias will be destroyed, but nothing in this change explains it",
    );
  });
});
