/** Two suites: `npm test` needs nothing but Node, `npm run test:plans` runs the real terraform plan. */
const shared = {
  testEnvironment: "node",
  transform: { "\\.ts$": "<rootDir>/__tests__/support/esbuild-transformer.js" },
  setupFilesAfterEnv: ["<rootDir>/__tests__/support/setup-jest.ts"],
  modulePathIgnorePatterns: ["<rootDir>/cdktf.out"],
};

module.exports = {
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
      testPathIgnorePatterns: ["/plans/"],
    },
    {
      ...shared,
      displayName: "plans",
      testMatch: ["<rootDir>/__tests__/plans/**/*.test.ts"],
      globalSetup: "<rootDir>/__tests__/plans/global-setup.ts",
    },
  ],
};
