import { cpSync, existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { renames } from "../../scripts/cdktn-package";
import { packagesNamedIn, renameSpecifiers } from "../../scripts/rename-specifiers";
import { CdktnPackage } from "../support/cdktn-package";
import { projectFolder, run } from "../support/command";
import { installIn } from "../support/installed-project";
import { shop, temporaryFolder, writeFiles } from "../support/project";
import { synthesizedIn } from "../support/synthesized-files";

jest.setTimeout(300_000);

let made: CdktnPackage;
beforeAll(async () => {
  made = await CdktnPackage.make();
});

test("nothing in the package imports cdktf, and all that it imports is asked for", () => {
  const { dependencies, peerDependencies } = JSON.parse(
    readFileSync(join(made.folder, "package.json"), "utf8"),
  );
  const modules = readdirSync(made.folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    /\.(js|mjs|ts)$/.test(path),
  );
  const named = new Set(
    modules.flatMap((path) => packagesNamedIn(path, readFileSync(join(made.folder, path), "utf8"))),
  );
  expect([...named].filter((name) => /^@?cdktf|^lambda-release$/.test(name))).toEqual([]);
  // A module that is named anywhere but where it is loaded would keep its name.
  const paths = modules.filter((path) => /["'`]cdktf\//.test(readFileSync(join(made.folder, path), "utf8")));
  expect(paths).toEqual([]);
  expect([...named]).toEqual(expect.arrayContaining(Object.keys(peerDependencies)));
  expect(dependencies).toEqual(
    JSON.parse(readFileSync(join(projectFolder, "package.json"), "utf8")).dependencies,
  );
});

test.each([".", "examples"])(
  "what is synthesized of %s is as with cdktf, but for its versions",
  async (path) => {
    const [before, after] = [temporaryFolder(), temporaryFolder()];
    const source = join(projectFolder, path);
    const project = temporaryFolder();
    for (const name of readdirSync(source).filter((name) => /^(releases|lambdas|containers)$/.test(name)))
      cpSync(join(source, name), join(project, name), { recursive: true });
    const main = readFileSync(join(source, "main.ts"), "utf8");
    writeFiles(project, { "main.ts": renameSpecifiers("main.ts", main, renames) });
    made.installIn(project);
    const start = (folder: string, launch: string, out: string) =>
      run(folder, process.execPath, ["-r", launch, "main.ts"], { CDKTF_OUTDIR: out });
    expect(await start(source, join(projectFolder, "launch.js"), before)).toMatchObject({ exitCode: 0 });
    expect(await start(project, "lambda-release-cdktn/launch", after)).toMatchObject({ exitCode: 0 });
    const [{ files }, cdktn] = [synthesizedIn(before), synthesizedIn(after)];
    expect(Object.keys(files).length).toBeGreaterThan(10);
    expect(cdktn.files).toEqual(files);
    for (const found of cdktn.versions)
      expect(found).toEqual({
        version: "0.24.0",
        aws: { source: "hashicorp/aws", version: "6.66.0" },
        ...("archive" in found ? { archive: { source: "hashicorp/archive", version: "2.8.1" } } : {}),
      });
  },
);

const domain = {
  name: "api.example.com",
  certificateArn: "arn:aws:acm:eu-central-1:111122223333:certificate/1a",
  securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09",
  endpointAccessMode: "STRICT",
  routingRules: true,
};
const release = {
  stage: { basePath: "shop" },
  preview: {
    version: "v2",
    sources: ["203.0.113.0/24"],
    header: { name: "x-preview", value: "v2", priority: 7 },
  },
};

/** The same by the provider's classes, with the addresses that the stacks have. */
const byClasses = `
const { ApiGatewayDomainName } = require("@cdktn/provider-aws/lib/api-gateway-domain-name");
const { Apigatewayv2RoutingRule } = require("@cdktn/provider-aws/lib/apigatewayv2-routing-rule");
const { App, TerraformStack, Testing } = require("cdktn");
const stack = new TerraformStack(new App(), "classes");
const [apiId, stage] = process.argv.slice(2);
new Apigatewayv2RoutingRule(stack, "rule", {
  domainName: "api.example.com",
  priority: 7,
  condition: [
    { matchHeaders: [{ anyOf: [{ header: "x-preview", valueGlob: "v2" }] }] },
    { matchBasePaths: [{ anyOf: ["shop"] }] },
  ],
  action: [{ invokeApi: [{ apiId, stage, stripBasePath: true }] }],
});
new ApiGatewayDomainName(stack, "domain", {
  domainName: "api.example.com",
  regionalCertificateArn: "arn:aws:acm:eu-central-1:111122223333:certificate/1a",
  securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09",
  endpointAccessMode: "STRICT",
  routingMode: "ROUTING_RULE_THEN_BASE_PATH_MAPPING",
  endpointConfiguration: { types: ["REGIONAL"] },
});
console.log(Testing.synth(stack));
`;

type Blocks = Record<string, Record<string, Record<string, unknown>>>;

test("routing rules and TLS 1.3 are written as the classes of AWS provider 6.66 write them", async () => {
  const project = temporaryFolder();
  const main = readFileSync(join(projectFolder, "examples/main.ts"), "utf8");
  writeFiles(project, {
    ...shop(release, { "releases/dev/environment.json": { region: "eu-central-1", domain } }),
    "main.ts": renameSpecifiers("main.ts", main, renames),
    "classes.js": byClasses,
  });
  made.installIn(project);
  const node = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await run(project, process.execPath, args);
    expect([exitCode, stderr]).toEqual([0, ""]);
    return stdout;
  };
  await node("-r", "lambda-release-cdktn/launch", "main.ts");
  const written = (stack: string, type: string) => {
    const file = join(project, "cdktf.out/stacks", stack, "cdk.tf.json");
    const { resource } = JSON.parse(readFileSync(file, "utf8")) as { resource: Blocks };
    const { "//": _, ...block } = Object.values(resource[type] ?? {})[0] ?? {};
    return block;
  };
  const rule = written("shop-dev", "aws_apigatewayv2_routing_rule");
  const text = JSON.stringify(rule);
  const addresses = ["rest_api", "stage"].map(
    (type) => new RegExp(`\\$\\{aws_api_gateway_${type}\\.[^}]*\\}`).exec(text)?.[0] ?? "",
  );
  const { resource } = JSON.parse(await node("classes.js", ...addresses)) as { resource: Blocks };
  expect(rule).toEqual(resource["aws_apigatewayv2_routing_rule"]?.["rule"]);
  expect(written("domain-dev", "aws_api_gateway_domain_name")).toEqual(
    resource["aws_api_gateway_domain_name"]?.["domain"],
  );
});

test("its constructs, stacks and matchers pass the tests of those for cdktf", async () => {
  const suite = temporaryFolder();
  const names = ["extend-a-stack", "permissions"].map((name) => `__tests__/stacks/${name}.test.ts`);
  for (const path of ["__tests__/constructs", "__tests__/support", "docs", ...names])
    cpSync(join(projectFolder, path), join(suite, path), { recursive: true });
  for (const path of readdirSync(suite, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  )) {
    const file = join(suite, path);
    writeFileSync(file, renameSpecifiers(path, readFileSync(file, "utf8"), renames));
  }
  made.installIn(suite);
  writeFiles(suite, { "package.json": {}, "jest.config.js": jestConfig });
  const printed = await succeeds(suite, "npx jest --ci --maxWorkers=1 2>&1");
  expect(Number(/^Tests: +(\d+) passed/m.exec(printed)?.[1])).toBeGreaterThan(50);
});

/** What the tests import of the sources is the package's. */
const jestConfig = `module.exports = {
  roots: ["<rootDir>/__tests__"],
  testMatch: ["**/*.test.ts"],
  transform: { "\\\\.ts$": "lambda-release-cdktn/jest" },
  setupFilesAfterEnv: ["<rootDir>/__tests__/support/setup-jest.ts"],
  moduleNameMapper: {
    "^(?:\\\\.{1,2}/)+((?:src|stacks|constructs)/.*)$": "<rootDir>/node_modules/lambda-release-cdktn/dist/$1",
    "^(\\\\.{1,2}/.*)\\\\.js$": "$1",
  },
};
`;

const git = "git -c user.name=t -c user.email=t@example.com";

/** Runs commands of a shell, each of which must succeed. @returns what they print */
async function succeeds(folder: string, commands: string): Promise<string> {
  const { exitCode, stdout, stderr } = await run(folder, "sh", ["-ec", commands]);
  if (exitCode !== 0) throw new Error(`${commands}\n${stdout}${stderr}`);
  return stdout;
}

test("init writes a project for cdktn, which is tested, rehearsed and released from", async () => {
  const project = join(temporaryFolder(), "shop");
  made.installIn(project);
  await succeeds(project, "npx lambda-release init");
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(project, "package.json"), "utf8"));
  expect(
    Object.keys({ ...dependencies, ...devDependencies }).filter((name) =>
      /cdktf|^lambda-release$/.test(name),
    ),
  ).toEqual([]);
  expect(await succeeds(project, "npx jest 2>&1")).toContain("1 passed");
  const played = await succeeds(
    project,
    `${git} init --quiet && ${git} add . && ${git} commit --quiet -m one
    cp -r lambdas/greeting/v1 lambdas/greeting/v2
    npx lambda-release publish dev/greeting v2 --yes
    npx lambda-release review --base HEAD
    npx lambda-release start dev/greeting v2 --percent 10 --yes
    npx lambda-release list
    npx lambda-release status dev/greeting
    npx lambda-release rehearse dev/greeting --from HEAD --requests 50 --seed 1
    npx lambda-release promote dev/greeting --yes
    npx lambda-release rollback dev/greeting --yes`,
  );
  for (const text of ["publish v2", "v2 10 %", "(v1 90 %, v2 10 %)", "No request failed."])
    expect(played).toContain(text);
  const { versions, stable } = JSON.parse(readFileSync(join(project, "releases/dev/greeting.json"), "utf8"));
  expect([Object.keys(versions).length, stable]).toEqual([2, "v1"]);
});

/** A stack and a hook as a project has them beside what init writes. */
const ownFiles = {
  "stacks/greeting.ts": `import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import type { CanaryStageRelease } from "lambda-release/release/strategies/canary-stage";
import { CanaryStageStack } from "lambda-release/stacks/canary-stage-stack";

export class GreetingStack extends CanaryStageStack {
  constructor(scope: Construct, release: CanaryStageRelease) {
    super(scope, release);
    const topic = new SnsTopic(this, "news", { name: "news" });
    new TerraformOutput(this, "topic", { value: topic.arn });
  }
}
`,
  "main.ts": `import { App } from "cdktf";
import { addReleases } from "lambda-release";
import { GreetingStack } from "./stacks/greeting";

const app = new App();
addReleases(app, __dirname, { services: { greeting: GreetingStack } }).then(() => app.synth());
`,
  "lambdas/hooks/before-traffic.ts": `import { hook } from "lambda-release/hooks";

export const handler = hook(async () => {});
`,
};

/** The blocks of docs/moving-to-cdktn.md that move a project. */
function steps(): string[] {
  const page = readFileSync(join(projectFolder, "docs/moving-to-cdktn.md"), "utf8");
  return [...page.matchAll(/<!-- step \w+ -->\n```sh\n(.*?)```/gs)].map(([, commands = ""]) => commands);
}

describe("a project of lambda-release", () => {
  const project = join(temporaryFolder(), "shop");
  const before = join(project, "..", "before");
  const textOf = (path: string) => readFileSync(join(project, path), "utf8");
  const synth = (out: string) => `CDKTF_OUTDIR=${out} npx lambda-release synth`;

  beforeAll(async () => {
    installIn(project);
    const bin = join(projectFolder, "bin.js");
    await succeeds(
      project,
      `node ${bin} init --aws-provider 5 && node ${bin} new prod/checkout --strategy codedeploy-alias --region eu-west-1`,
    );
    const checkout = JSON.parse(textOf("releases/prod/checkout.json"));
    writeFiles(project, {
      ...ownFiles,
      "releases/prod/checkout.json": {
        ...checkout,
        hooks: { beforeTraffic: "before-traffic" },
      },
    });
    await succeeds(
      project,
      `CDKTF_OUTDIR=${before} node ${bin} synth && ${git} init --quiet && ${git} add .`,
    );
    rmSync(join(project, "node_modules"), { recursive: true });
  });

  test("is moved by the documented steps, and each resource stays as it was", async () => {
    const [packages = "", names = ""] = steps();
    await succeeds(project, packages);
    made.installIn(project);
    const after = join(project, "..", "after");
    const refused = await run(project, "sh", ["-c", synth(after)]);
    expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
    await succeeds(project, `${names}\nrm .terraform.lock.hcl\n${synth(after)}`);
    const [cdktf, cdktn] = [synthesizedIn(before), synthesizedIn(after)];
    expect(Object.keys(cdktf.files)).toContain("stacks/greeting-dev/cdk.tf.json");
    expect(JSON.stringify(cdktf.files)).toContain("aws_sns_topic");
    expect(cdktn.files).toEqual(cdktf.files);
    expect(
      await succeeds(
        project,
        "git grep --untracked -nE '@?cdktf[\"/]|\"lambda-release[\"/]' -- ':!package.json' || true",
      ),
    ).toBe("");
  });

  test("is then as init of lambda-release-cdktn writes it", async () => {
    const fresh = join(project, "..", "fresh/shop");
    made.installIn(fresh);
    await succeeds(fresh, "npx lambda-release init");
    // A project keeps its runtime; one that is made with a newer provider starts with a newer one.
    for (const path of [
      "cdktf.json",
      "jest.config.js",
      "tsconfig.json",
      "__tests__/releases.test.ts",
      "releases/dev/greeting.json",
    ])
      expect([path, textOf(path).replace("nodejs22.x", "nodejs24.x")]).toEqual([
        path,
        readFileSync(join(fresh, path), "utf8"),
      ]);
    expect(JSON.parse(textOf("package.json"))).toEqual(
      JSON.parse(readFileSync(join(fresh, "package.json"), "utf8")),
    );
  });

  test("is told by doctor what fits, and what of cdktf is left", async () => {
    const doctor = async () => {
      const { stdout } = await run(project, "npx", ["lambda-release", "doctor", "--json"]);
      const rows: { what: string; found: string; isFine: boolean }[] = JSON.parse(stdout);
      return new Map(rows.map((row) => [row.what, row]));
    };
    const fits = await doctor();
    for (const what of ["toolkit", ...Object.keys(made.manifest.peerDependencies)])
      expect(fits.get(what)).toMatchObject({ isFine: true });
    await succeeds(project, "npm pkg set dependencies.cdktf=0.21.0");
    expect((await doctor()).get("toolkit")).toMatchObject({ isFine: false, found: "cdktn, and cdktf" });
  });

  test.each([
    [
      "main.ts",
      `the app must be an 'App' of "cdktn", which lambda-release-cdktn is made for: import it from there`,
    ],
    [
      "stacks/greeting.ts",
      `'greeting-dev/news' is made of another package than the "cdktn" of lambda-release-cdktn`,
    ],
  ])("is refused where %s still imports cdktf", async (path, line) => {
    // As where cdktf-cli brings it.
    for (const name of ["cdktf", "@cdktf"])
      if (!existsSync(join(project, "node_modules", name)))
        symlinkSync(join(projectFolder, "node_modules", name), join(project, "node_modules", name));
    const text = textOf(path);
    writeFiles(project, { [path]: text.replace('"cdktn"', '"cdktf"').replace("@cdktn/", "@cdktf/") });
    const { exitCode, stderr } = await run(project, "npx", ["lambda-release", "synth"]);
    writeFiles(project, { [path]: text });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining(line) });
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });
});
