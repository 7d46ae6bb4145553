import { existsSync } from "node:fs";
import { join } from "node:path";
import { bin, run } from "./support/command";
import { installIn } from "./support/installed-project";
import { nodeOf, nodes, pathWith } from "./support/nodes";
import { createProject } from "./support/project";
import { fingerprintOf } from "./support/shop";

jest.setTimeout(180_000);

const api = {
  routes: [
    { path: "/", function: "shop" },
    { path: "/items", function: "items" },
    { path: "/module", function: "module" },
  ],
};

/** What depends on Node: the app, its TypeScript, the command, and handlers of both languages. */
const project = createProject({
  "cdktf.json": { language: "typescript", app: "node -r lambda-release/launch main.ts" },
  "main.ts": `import { App } from "cdktf";
import { addReleases } from "lambda-release";

enum Folder { Own = "." }
const app = new App();
addReleases(app, __dirname).then(() => app.synth());
export { Folder };
`,
  "releases/dev/environment.json": { region: "eu-central-1" },
  "releases/dev/shop.json": {
    strategy: "canary-stage",
    functions: ["shop", "items", "module"],
    versions: { v1: { fingerprint: fingerprintOf(api) } },
    stable: "v1",
    api,
  },
  "lambdas/shop/v1/shop.ts": `import { SSMClient } from "@aws-sdk/client-ssm";
const client = new SSMClient({});
export const handler = async () => ({ statusCode: 200, body: typeof client.send + " " + process.version.split(".")[0] });
`,
  "lambdas/shop/v1/items.py": `def handler(event, context):
    return {"statusCode": 200, "body": "of Python"}
`,
  "lambdas/shop/v1/module.mjs": `import { SSMClient } from "@aws-sdk/client-ssm";
export const handler = async () => ({ statusCode: 200, body: "of a module " + typeof SSMClient });
`,
});

beforeAll(() => installIn(project));

test.each(nodes)(
  "Node %s synthesizes and rehearses handlers of each kind, and warns of nothing",
  async (version) => {
    const node = nodeOf(version);
    const rehearse = ["rehearse", "dev/shop", "--requests", "20", "--seed", "1"];
    const { exitCode, stdout, stderr } = await run(project, node, [bin, ...rehearse], {
      PATH: pathWith(node),
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).not.toMatch(/warning/i);
    expect(stdout).toContain(`function v${version}`);
    expect(stdout).toContain("of Python");
    expect(stdout).toContain("of a module function");
  },
);

test.each(nodes)(
  "Node %s keeps the compiled code of the command and the app, where it can",
  async (version) => {
    const node = nodeOf(version);
    const started = { command: [bin, "--version"], app: ["-r", "lambda-release/launch", "main.ts"] };
    const kept: Record<string, boolean> = {};
    for (const [what, args] of Object.entries(started)) {
      const TMPDIR = createProject({});
      expect(await run(project, node, args, { TMPDIR, PATH: pathWith(node) })).toMatchObject({ exitCode: 0 });
      kept[what] = existsSync(join(TMPDIR, "node-compile-cache"));
    }
    const isKept = version !== "20";
    expect(kept).toEqual({ command: isKept, app: isKept });
  },
);
