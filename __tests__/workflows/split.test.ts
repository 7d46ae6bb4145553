import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { filesOnDisk } from "../../src/release/project-files";
import { checkSplit } from "../../src/workflows/split";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { contextOf, readContext } from "../live/shop-context";
import { projectFolder } from "../support/command";
import { fakeCommands, usedInstead } from "../support/fake-commands";
import { createProject, handler } from "../support/project";
import { shopOfOne } from "../support/shop";

test("a service whose traffic CodeDeploy moves is not held against its file", () => {
  const told = jest.spyOn(console, "log").mockImplementation();
  const files = oneFunction("codedeploy-alias", "code", { versions: [1, 2], canary: { version: 2 } });
  const read = {
    context: contextOf(files),
    files: { read: () => undefined, entries: () => ({ files: [], folders: [] }) },
  };
  expect(checkSplit({ ...read, project: "nowhere", path: "", text: "", name: "dev/shop" }, 100)).toBe(true);
  expect(told.mock.calls).toEqual([
    ["dev/shop: not called, because CodeDeploy moves the traffic and the file does not know how far"],
  ]);
});

describe("of the routes of a service", () => {
  usedInstead(
    fakeCommands({
      terraform: () => ({
        stdout: JSON.stringify({ api_endpoint: { value: "https://api.example.com/dev" } }),
      }),
    }),
  );
  const pool = "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_a1";
  const closed = ["AWS_IAM", { cognitoUserPoolArns: [pool] }];

  /** A deployed shop with these routes, as the check reads it. Whoever is to call it writes down how. */
  function deployed(routes: readonly object[]) {
    const project = createProject({
      ...shopOfOne({ routes }, handler("v1")),
      "cdktf.out/stacks/shop-dev/cdk.tf.json": "{}",
      "src/cli/traffic.ts": 'require("node:fs").writeFileSync("called", process.argv.slice(2).join(" "));\n',
    });
    symlinkSync(join(projectFolder, "node_modules"), join(project, "node_modules"));
    const files = filesOnDisk(project);
    return { project, context: readContext(project), files, path: "", text: "", name: "dev/shop" };
  }

  test.each(closed)("one that %j closes is not called: nobody is signed in here", (authorization) => {
    const told = jest.spyOn(console, "log").mockImplementation();
    const shop = deployed([{ path: "/", authorization }]);
    expect(checkSplit(shop, 100)).toBe(true);
    expect(told.mock.lastCall).toEqual([
      "dev/shop: not called, because no GET route without variables is open to everybody",
    ]);
    expect(existsSync(join(shop.project, "called"))).toBe(false);
  });

  test.each(closed)("the first that %j does not close is called", (authorization) => {
    const shop = deployed([{ path: "/", authorization }, { path: "/open" }]);
    expect(checkSplit(shop, 100)).toBe(true);
    expect(readFileSync(join(shop.project, "called"), "utf8")).toBe(
      "--url https://api.example.com/dev/open --interval 0.05 --count 100 --expect v1=100",
    );
  });
});
