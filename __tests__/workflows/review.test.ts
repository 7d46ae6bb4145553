import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { changedEnvironments } from "../../src/workflows/changes";
import { copyOfProject, run } from "../support/command";
import { fakeCommands } from "../support/fake-commands";
import { writeFiles } from "../support/project";
import { blockBelow } from "../support/readme";
import { release } from "../support/release-command";
import { withServedApp } from "../support/served-app";

jest.setTimeout(120_000);

const project = withServedApp(copyOfProject());
const fake = fakeCommands({
  terraform: ([command]) => {
    const [from, to] = [10, 25].map((percent_traffic) => ({
      variables: { greetingFunction: "greeting-dev-v1" },
      canary_settings: [
        { percent_traffic, stage_variable_overrides: { greetingFunction: "greeting-dev-v2" } },
      ],
    }));
    const change = (address: string, actions: string[], before: unknown, after: unknown) => ({
      address,
      mode: "managed",
      type: address.split(".")[0],
      change: { actions, before, after, after_unknown: {} },
    });
    const name = { name: "greeting-dev" };
    if (command === "plan") return { status: 2 };
    if (command !== "show") return {};
    return {
      stdout: JSON.stringify({
        format_version: "1.2",
        resource_changes: [
          change("aws_api_gateway_rest_api.api_C8550315", ["no-op"], name, name),
          change("aws_api_gateway_stage.canary-stage_EA838A75", ["update"], from, to),
        ],
        output_changes: { traffic: { before: { v1: 90, v2: 10 }, after: { v1: 75, v2: 25 } } },
      }),
    };
  },
});

const git = (...args: string[]) =>
  run(project, "git", ["-c", "user.name=t", "-c", "user.email=t@example.com", ...args]);
const variables = {
  PATH: `${fake.path}:${process.env["PATH"]}`,
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REPOSITORY: "example/shop",
  GITHUB_RUN_ID: "19482",
  GITHUB_TOKEN: "",
};
const workflow = (...args: string[]) => release(project, ["workflow", ...args], { variables });
const greeting = "releases/dev/greeting.json";
const original = readFileSync(join(project, greeting), "utf8");

beforeAll(async () => {
  await git("init", "--quiet");
  await git("add", ".");
  await git("commit", "--quiet", "--message", "live");
});
beforeEach(() => writeFiles(project, { [greeting]: original }));

/** What a review has left for the comment, as docs/github.md shows it. */
async function leftIn(folder: string): Promise<string> {
  const { stdout } = await git("rev-parse", "HEAD");
  const commit = stdout.trim();
  const shown = "3f9c2ab17d0e8a65f4c1b2d3e4f5a6b7c8d9e0f1";
  return readFileSync(join(project, folder, "review.md"), "utf8")
    .replaceAll(commit, shown)
    .replaceAll(commit.slice(0, 7), shown.slice(0, 7));
}

/** The environments that a change touches, and the notes beside them. */
function changed(): string[] {
  const told = jest.spyOn(console, "error").mockImplementation(() => {});
  const environments = changedEnvironments(project, "HEAD").map(({ name, region, isPlanned, stacks }) =>
    [name, region, isPlanned ? "S3" : "local", stacks.map((stack) => stack.name).join(", ")].join(" "),
  );
  const lines = told.mock.calls.flat();
  told.mockRestore();
  return [...environments, ...lines];
}

test("a change is about the stacks whose output or release file is another, and no others", async () => {
  expect(changed()).toEqual([]);
  writeFiles(project, { [greeting]: original.replace('"percent": 10', '"percent": 25') });
  const { stdout, stderr } = await workflow("environments", "--base", "HEAD");
  expect([stdout.replace(/ +/g, " "), stderr]).toEqual([
    "environment region state stacks\ndev eu-central-1 local greeting-dev\n",
    "",
  ]);
  // Nothing of it is synthesized, and yet a reviewer wants to know.
  const steps = original.replace('"stable"', '"steps": [{ "percent": 10 }],\n  "stable"');
  writeFiles(project, { [greeting]: steps });
  expect(changed()).toEqual(["dev eu-central-1 local greeting-dev"]);
});

test("code that several environments run is a change of all of them", async () => {
  const handler = "lambdas/greeting/v1/greeting.ts";
  const before = readFileSync(join(project, handler), "utf8");
  writeFiles(project, { [handler]: before.replace("Hello", "Good morning") });
  expect(changed()).toEqual(["dev eu-central-1 local greeting-dev", "prod eu-west-1 S3 greeting-prod"]);
  writeFiles(project, { [handler]: before });
});

test("other packages or providers are a change of every stack that they may make otherwise", async () => {
  const all = ["dev eu-central-1 local", "prod eu-west-1 S3"].map((line) =>
    expect.stringMatching(new RegExp(`^${line} api-gateway-account-.*, greeting-`)),
  );
  const told = (file: string) =>
    `their packages or providers may differ, so stacks count as changed: ${file}`;
  for (const file of ["package-lock.json", ".terraform.lock.hcl"]) {
    const before = readFileSync(join(project, file), "utf8");
    writeFiles(project, { [file]: `${before}\n` });
    expect(changed()).toEqual([...all, told(file)]);
    writeFiles(project, { [file]: before });
  }
  // The packages of a service are its own.
  const own = "lambdas/greeting/v1/package.json";
  writeFiles(project, { [own]: "{}" });
  await git("add", own);
  expect(changed()).toEqual([
    "dev eu-central-1 local greeting-dev",
    "prod eu-west-1 S3 greeting-prod",
    told(own),
  ]);
  await git("rm", "--force", "--quiet", own);
});

test("the changed stacks are planned without a lock, judged, and what a deploy compares holds no value of a plan", async () => {
  writeFiles(project, { [greeting]: original.replace('"percent": 10', '"percent": 25') });
  const { exitCode, stdout } = await workflow(
    "review",
    "dev",
    "--base",
    "HEAD",
    "--out",
    join(project, "review-dev"),
  );
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining("v2 10 -> 25 %")]);
  expect(fake.calls().filter((call) => call.startsWith("terraform plan"))).toEqual([
    "terraform plan -input=false -no-color -lock=false -detailed-exitcode -out=plan.tfplan",
  ]);
  const plans = readFileSync(join(project, "review-dev/plans.json"), "utf8");
  expect(JSON.parse(plans)).toEqual({
    "greeting-dev": {
      salt: expect.stringMatching(/^[0-9a-f]{32}$/),
      changes: [
        {
          address: "aws_api_gateway_stage.canary-stage_EA838A75",
          action: "update",
          digest: expect.stringMatching(/^[0-9a-f]{32}$/),
        },
      ],
    },
  });
  expect(plans).not.toContain("percent_traffic");
  expect(await leftIn("review-dev")).toBe(blockBelow("docs/github.md", "comment"));
  expect(stdout).toContain("    canary_settings[0].percent_traffic: 10 -> 25\n");
});

test("a review that finds something fails, and is left all the same; without plans it needs no Terraform", async () => {
  const both = original
    .replace('"percent": 10', '"percent": 50')
    .replace('["v1", "v2"]', '["v1", "v2", "v3"]');
  mkdirSync(join(project, "lambdas/greeting/v3"));
  const handler = readFileSync(join(project, "lambdas/greeting/v2/greeting.ts"), "utf8");
  writeFileSync(join(project, "lambdas/greeting/v3/greeting.ts"), handler);
  writeFiles(project, { [greeting]: both.replace('"version": "v2"', '"version": "v3"') });
  await git("add", "releases", "lambdas");
  await git("commit", "--quiet", "--message", "change");
  const before = fake.calls().length;
  const options = ["--base", "HEAD^", "--plans", "false", "--out", join(project, "review-found")];
  const { exitCode, stdout } = await workflow("review", "dev", ...options);
  expect([exitCode, stdout]).toEqual([1, expect.stringContaining("finding")]);
  const findings = blockBelow("docs/github.md", "findings");
  expect((await leftIn("review-found")).slice(0, findings.length)).toBe(findings);
  await git("reset", "--quiet", "--hard", "HEAD^");
  expect(fake.calls()).toHaveLength(before);
});

test.each([
  [["environments", "--base", "nowhere"], "git cannot compare with 'nowhere'"],
  [
    ["environments", "--only", "dev", "--planned"],
    "there is no environment 'dev' whose state is in a bucket",
  ],
  [["review", "test", "--base", "HEAD"], "there is no environment 'test'"],
  [["deploy", "test"], "there is no environment 'test': there are dev, prod"],
  [["comment", "7", "review", "--environments", "dev"], "'--environments' must be what 'workflow env"],
  [["comment", "7", "review", "--environments", "[]"], "GITHUB_REPOSITORY and GITHUB_TOKEN must be set"],
])("%j cannot run, and says why", async (args, line) => {
  const { exitCode, stderr } = await workflow(...args);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining(line)]);
});
