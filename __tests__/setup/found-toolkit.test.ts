import { foundToolkit } from "../../src/setup/found-toolkit";
import { createProject } from "../support/project";

const found = (dependencies: object, devDependencies = {}) =>
  foundToolkit(createProject({ "package.json": { dependencies, devDependencies } }));

test("the toolkit of this package fits, also beside the other's CLI", () => {
  const fits = { found: "cdktf" };
  expect(found({ cdktf: "0.21.0", "lambda-release": "0.1.0" }, { "cdktn-cli": "0.24.0" })).toEqual(fits);
});

test("both toolkits at once do not", () => {
  expect(found({ cdktf: "0.21.0", cdktn: "0.24.0" }, { "@cdktn/provider-aws": "25.7.0" })).toEqual({
    found: "cdktf, and cdktn, @cdktn/provider-aws",
    remedy:
      'npm uninstall cdktn @cdktn/provider-aws; import "cdktf", "@cdktf/provider-aws" and "lambda-release" in their place',
  });
});

test("the other toolkit does not", () => {
  expect(found({ cdktn: "0.24.0", "lambda-release": "0.1.0" })).toEqual({
    found: "cdktn; lambda-release is for cdktf",
    remedy: "npm uninstall lambda-release, and install lambda-release-cdktn",
  });
});

test("where package.json names none, as in a workspace, what is installed counts", () => {
  const manifest = { "node_modules/cdktf/package.json": { version: "0.21.0" } };
  expect(foundToolkit(createProject(manifest))).toEqual({ found: "cdktf" });
  expect(foundToolkit(createProject({}))).toEqual({ found: "none", remedy: "npm install cdktf" });
});
