import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { AwsProvider } from "../release/aws/aws-provider";
import { toolkit } from "../release/aws/toolkit";
import { lockFile, ProviderLock } from "../synth/provider-lock";
import { packageJson } from "./package-json";

const { ownPackage } = toolkit;

/** This package's own files that a project gets too. */
function ownFile(path: string): string {
  return readFileSync(ownPath(path), "utf8");
}

function ownPath(path: string): string {
  return join(require.resolve("lambda-release/package.json"), "..", path);
}

interface Project {
  readonly name: string;
  /** That `npm start` rehearses: `<environment>/<service>`. */
  readonly service: string;
  /** The AWS provider that it deploys with. */
  readonly provider: AwsProvider;
  /** The version of the provider's package in a new package.json. */
  readonly awsPackage: string;
}

/** What a project has beside its releases, by path. */
export function projectFiles(project: Project): ReadonlyMap<string, string> {
  const { name, service, provider } = project;
  return new Map([
    ["package.json", json(packageOf(project))],
    [
      "cdktf.json",
      json({ language: "typescript", app: `node -r ${ownPackage}/launch main.ts`, projectId: name }),
    ],
    ["main.ts", ownFile("main.ts")],
    [
      "tsconfig.json",
      json({
        compilerOptions: {
          target: "ES2022",
          module: "node16",
          moduleResolution: "node16",
          types: ["node", "jest"],
          strict: true,
          skipLibCheck: true,
          noEmit: true,
        },
        exclude: ["node_modules", "cdktf.out"],
      }),
    ],
    ["jest.config.js", jestConfig],
    [".gitignore", gitignore],
    [".nvmrc", `${node}\n`],
    ...lockOf(provider),
    ["README.md", readme(name, service)],
    ["__tests__/releases.test.ts", test],
  ]);
}

/** What this package brings of the providers' hashes: of its AWS provider, not of another version. */
function lockOf({ version }: AwsProvider): [string, string][] {
  if (!existsSync(ownPath(lockFile))) return [];
  return [[lockFile, ProviderLock.parse(ownFile(lockFile)).without("hashicorp/aws", version)]];
}

/** The workflows that review, deploy and watch the releases. */
export function workflowFiles(): ReadonlyMap<string, string> {
  const paths = ["review", "deploy", "drift", "stops", "advance", "blue-green"].map(
    (name) => `.github/workflows/${name}.yml`,
  );
  return new Map([...paths, ".github/actions/setup/action.yml"].map((path) => [path, ownFile(path)]));
}

/** The version of Node that a new project starts with, as the workflows do. */
const node = 24;

function packageOf({ name, service, awsPackage }: Project): object {
  const { version, peerDependencies, devDependencies } = packageJson();
  const tested = (names: readonly string[]) =>
    Object.fromEntries(names.map((one) => [one, devDependencies[one] ?? "*"]));
  return {
    name: name.toLowerCase().replace(/[^a-z0-9._-]+/g, "-"),
    version: "1.0.0",
    private: true,
    scripts: {
      start: `lambda-release rehearse ${service}`,
      synth: "lambda-release synth",
      release: "lambda-release",
      test: "jest",
    },
    dependencies: {
      ...tested(Object.keys(peerDependencies)),
      [toolkit.awsProvider]: awsPackage,
      [ownPackage]: `^${version}`,
    },
    devDependencies: {
      ...tested(["@types/jest"]),
      "@types/node": `^${node}.0.0`,
      ...tested([toolkit.cli, "jest", "typescript"]),
    },
  };
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

const jestConfig = `module.exports = {
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  // Translates TypeScript without a check of types, which 'npx tsc' does.
  transform: { "\\\\.ts$": "${ownPackage}/jest" },
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out"],
};
`;

const gitignore = `node_modules/
cdktf.out/
.terraform/
# The local Terraform state of each stack. It is yours alone: keep it, and never commit it.
terraform-state/
# A release command that was killed while it wrote.
releases/**/.*.lock
`;

function readme(name: string, service: string): string {
  return `# ${name}

Lambda functions behind API Gateway, released step by step with [${ownPackage}](https://www.npmjs.com/package/${ownPackage}).

| | |
|---|---|
| \`npm start\` | rehearses ${service} on this machine: no AWS account |
| \`npx lambda-release status ${service}\` | who serves what, and what comes next |
| \`npx lambda-release new <environment>/<service> --strategy canary-stage\` | another service |
| \`npx ${toolkit.name} diff <service>-<environment>\` | what a deploy would do |
| \`npx lambda-release doctor\` | what does not fit, and what to do |
| \`npm test\` | the tests of this project |

\`releases/<environment>/<service>.json\` says who serves what, \`lambdas/\` has the code.
`;
}

const test = `import "${toolkit.name}/lib/testing/adapters/jest";
import { join } from "node:path";
import { AwsProvider } from "${toolkit.awsProvider}/lib/provider";
import { Testing } from "${toolkit.name}";
import { synthesized } from "${ownPackage}/testing";

Testing.setupJest();

test("every release file is valid, and each stack names its region", async () => {
  const stacks = await synthesized(join(__dirname, ".."));
  for (const stack of stacks.values())
    expect(stack).toHaveProviderWithProperties(AwsProvider, { region: expect.any(String) });
});
`;
