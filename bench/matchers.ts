import { join } from "node:path";
import { emptyCopy, project, write } from "./projects";

/**
 * A copy of the program with 50 tests that synthesize a stack and match a resource in it, and two ways to run
 * them: as this project runs its tests, and by ts-jest as it comes.
 */
export function copyWithMatcherTests(): string {
  const copy = emptyCopy();
  write(copy, "matchers.test.ts", testFile);
  write(copy, "setup.ts", 'import { Testing } from "cdktf";\nTesting.setupJest();\n');
  // The tests are in the copy's own folder.
  const {
    roots: _,
    runtime,
    testEnvironment,
    transform,
    setupFilesAfterEnv,
    moduleNameMapper,
    ...own
  } = require(join(project, "jest.config.js")).projects[0];
  const ofProject = (path: string) => path.replace("<rootDir>", project);
  const config = { ...own, rootDir: ".", testMatch: ["<rootDir>/matchers.test.ts"] };
  const configs = {
    own: {
      runtime: ofProject(runtime),
      testEnvironment: ofProject(testEnvironment),
      ...config,
      transform: mapValues(transform, ofProject),
      moduleNameMapper: mapValues(moduleNameMapper, ofProject),
      // As the test files do that synthesize.
      setupFilesAfterEnv: [...setupFilesAfterEnv, "<rootDir>/__tests__/support/testing-cdktf.ts"].map(
        ofProject,
      ),
    },
    "ts-jest": {
      ...config,
      transform: { "\\.ts$": "ts-jest" },
      setupFilesAfterEnv: ["<rootDir>/setup.ts"],
    },
  };
  for (const [name, content] of Object.entries(configs))
    write(copy, `${name}.config.json`, JSON.stringify(content));
  return copy;
}

function mapValues(
  values: Record<string, string>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));
}

const testFile = `import "cdktf/lib/testing/adapters/jest";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { TerraformStack, Testing } from "cdktf";
import { ServiceFunction } from "./constructs/service-function";

const settings = {
  runtime: "nodejs22.x", architecture: "x86_64", memoryMb: 128, timeoutSeconds: 5, environment: {},
  layers: [], tracing: false, logRetentionDays: 14,
} as const;

test.each(Array.from({ length: 50 }, (_, index) => index + 1))("function %d", (index) => {
  const stack = new TerraformStack(Testing.app(), "test");
  new AwsProvider(stack, "aws", { region: "eu-central-1" });
  const awsName = "shop-dev-v" + index;
  new ServiceFunction(stack, "function", {
    name: "shop", awsName, ownName: awsName, role: { name: awsName }, adopted: false, stageVariable: "shop",
    settings: settings as never,
    source: { language: "node", folder: "", file: "shop.ts", handler: "shop.handler" } as never,
  });
  const synthesized = Testing.synth(stack);
  expect(synthesized).toHaveResourceWithProperties(LambdaFunction, { function_name: awsName, memory_size: 128 });
  expect(synthesized).toHaveResource(CloudwatchLogGroup);
});
`;
