const { availableParallelism } = require("node:os");
// Tests start the command as it is installed.
require("./build.js");

/**
 * Three suites: `npm test` needs nothing but Node, `npm run test:plans` runs the real terraform plan, and
 * `npm run e2e` deploys for real to a local endpoint.
 */
const shared = {
  // To look through node_modules and virtual environments would take seconds.
  roots: ["__tests__", "constructs", "lambdas", "src", "stacks"].map((folder) => `<rootDir>/${folder}`),
  runtime: "<rootDir>/__tests__/support/one-realm-runtime.js",
  testEnvironment: "<rootDir>/__tests__/support/test-environment.ts",
  transform: { "\\.ts$": "<rootDir>/jest.js" },
  setupFilesAfterEnv: ["<rootDir>/__tests__/support/setup-jest.ts"],
  moduleNameMapper: {
    "^lambda-release$": "<rootDir>/stacks/releases.ts",
    "^lambda-release/package.json$": "<rootDir>/package.json",
    "^lambda-release/hooks$": "<rootDir>/src/hooks/hook.ts",
    "^lambda-release/release/(.*)$": "<rootDir>/src/release/$1",
    "^lambda-release/((?:stacks|constructs)/.*)$": "<rootDir>/$1",
    // TypeScript wants the ending in an `import()`.
    "^(\\.{1,2}/.*)\\.js$": "$1",
  },
  modulePathIgnorePatterns: ["/\\.venv/"],
};

/** Files wait for processes and for AWS a quarter of their time: one more than there are cores keeps those busy. */
function maxWorkers() {
  // Terraform's plans are work alone.
  if (process.argv.includes("plans")) return Math.min(4, availableParallelism());
  if (!process.argv.includes("e2e")) return Math.min(4, availableParallelism() + 1);
  // An AWS that is given serves one file at a time.
  return process.env.AWS_ENDPOINT_URL === undefined ? Math.min(4, availableParallelism() + 1) : 1;
}

module.exports = {
  maxWorkers: maxWorkers(),
  testSequencer: "<rootDir>/__tests__/support/slow-first.js",
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
      testPathIgnorePatterns: ["/plans/", "/e2e/"],
    },
    {
      ...shared,
      displayName: "plans",
      testMatch: ["<rootDir>/__tests__/plans/**/*.test.ts"],
      globalSetup: "<rootDir>/__tests__/plans/global-setup.ts",
      globalTeardown: "<rootDir>/__tests__/plans/global-teardown.ts",
    },
    {
      ...shared,
      displayName: "e2e",
      testMatch: ["<rootDir>/__tests__/e2e/**/*.test.ts"],
      globalSetup: "<rootDir>/__tests__/e2e/global-setup.ts",
    },
  ],
};
