import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageJson } from "./package-json";

/** This package's own files that a project gets too. */
function ownFile(path: string): string {
  return readFileSync(join(require.resolve("lambda-release/package.json"), "..", path), "utf8");
}

/**
 * What a project has beside its releases, by path.
 *
 * @param name the project's
 * @param service that `npm start` rehearses: `<environment>/<service>`
 */
export function projectFiles(name: string, service: string): ReadonlyMap<string, string> {
  return new Map([
    ["package.json", json(packageOf(name, service))],
    [
      "cdktf.json",
      json({ language: "typescript", app: "node -r lambda-release/launch main.ts", projectId: name }),
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
    [".terraform.lock.hcl", ownFile(".terraform.lock.hcl")],
    ["README.md", readme(name, service)],
    ["__tests__/releases.test.ts", test],
  ]);
}

/** The workflows that review, deploy and watch the releases. */
export function workflowFiles(): ReadonlyMap<string, string> {
  const paths = ["review", "deploy", "drift", "stops", "blue-green"].map(
    (name) => `.github/workflows/${name}.yml`,
  );
  return new Map([...paths, ".github/actions/setup/action.yml"].map((path) => [path, ownFile(path)]));
}

/** The version of Node that a new project starts with, as the workflows do. */
const node = 24;

function packageOf(name: string, service: string): object {
  const { version, engines, peerDependencies, devDependencies } = packageJson();
  const tested = (names: readonly string[]) =>
    Object.fromEntries(names.map((one) => [one, devDependencies[one] ?? "*"]));
  return {
    name: name.toLowerCase().replace(/[^a-z0-9._-]+/g, "-"),
    version: "1.0.0",
    private: true,
    engines,
    scripts: {
      start: `lambda-release rehearse ${service}`,
      synth: "lambda-release synth",
      release: "lambda-release",
      test: "jest",
    },
    dependencies: { ...tested(Object.keys(peerDependencies)), "lambda-release": `^${version}` },
    devDependencies: {
      ...tested(["@types/jest"]),
      "@types/node": `^${node}.0.0`,
      ...tested(["cdktf-cli", "jest", "typescript"]),
    },
  };
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

const jestConfig = `module.exports = {
  testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
  // Translates TypeScript without a check of types, which 'npx tsc' does.
  transform: { "\\\\.ts$": "lambda-release/jest" },
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

Lambda functions behind API Gateway, released step by step with [lambda-release](https://www.npmjs.com/package/lambda-release).

| | |
|---|---|
| \`npm start\` | rehearses ${service} on this machine: no AWS account |
| \`npx lambda-release status ${service}\` | who serves what, and what comes next |
| \`npx lambda-release new <environment>/<service> --strategy canary-stage\` | another service |
| \`npx cdktf diff <service>-<environment>\` | what a deploy would do |
| \`npx lambda-release doctor\` | what does not fit, and what to do |
| \`npm test\` | the tests of this project |

\`releases/<environment>/<service>.json\` says who serves what, \`lambdas/\` has the code.
`;
}

const test = `import "cdktf/lib/testing/adapters/jest";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Testing } from "cdktf";
import { synthesized } from "lambda-release/testing";

Testing.setupJest();

test("every release file is valid, and each stack names its region", async () => {
  const stacks = await synthesized(join(__dirname, ".."));
  for (const stack of stacks.values())
    expect(stack).toHaveProviderWithProperties(AwsProvider, { region: expect.any(String) });
});
`;
