import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createProject } from "../support/project";
import { onTrial, service, train } from "../support/train";
import { AnsweringEndpoint, type Answers } from "./answering-endpoint";
import { releaseInAccount as release } from "./deployed-shop";

jest.setTimeout(60_000);

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

/** What AWS answers of a service that gives v2 10 percent. */
function deployed(name: string, patched: Answers = { body: {} }): Record<string, Answers> {
  const variable = `${name}Function`;
  const deployments = ["v1", "v2"].map((description) => ({
    id: `of-${description}`,
    description,
    createdDate: 1,
  }));
  return {
    [`GET /restapis/${name}/deployments`]: { body: { item: deployments } },
    [`GET /restapis/${name}/stages/dev`]: {
      body: {
        deploymentId: "of-v1",
        variables: { [variable]: `${name}-dev-v1` },
        canarySettings: {
          percentTraffic: 10,
          deploymentId: "of-v2",
          stageVariableOverrides: { [variable]: `${name}-dev-v2` },
        },
      },
    },
    [`PATCH /restapis/${name}/stages/dev`]: patched,
  };
}

const apis = ["orders", "billing"].map((name) => ({ id: name, name: `${name}-dev` }));
const ofApis = { "GET /restapis": { body: { item: apis } } };
const moved = () => aws.changes.map(({ name }) => name);
const canaries = (project: string) =>
  ["orders", "billing"].map((name) => {
    const file = JSON.parse(readFileSync(join(project, `releases/dev/${name}.json`), "utf8"));
    return file.canary?.percent;
  });

test("moves the last service first, and writes the files", async () => {
  const project = createProject(train());
  aws.set({ ...ofApis, ...deployed("orders"), ...deployed("billing") });
  const { exitCode, stdout, stderr } = await release(project, "rollback", "dev/checkout", "--now", "--yes");
  expect([exitCode, stderr]).toEqual([0, ""]);
  expect(moved()).toEqual(["PATCH /restapis/billing/stages/dev", "PATCH /restapis/orders/stages/dev"]);
  expect(stdout.split("\n").slice(-7)).toEqual([
    "moved    dev/billing: stage dev: canary dropped",
    "wrote    releases/dev/billing.json",
    "moved    dev/orders: stage dev: canary dropped",
    "wrote    releases/dev/orders.json",
    "commit   dev/checkout: roll back v2 (billing, orders)",
    "commit the files; otherwise the next deploy undoes this",
    "",
  ]);
  expect(canaries(project)).toEqual([undefined, undefined]);
});

test("moves nothing where one of them cannot be moved", async () => {
  const project = createProject(train(service("billing", {})));
  aws.set({ ...ofApis, ...deployed("orders"), ...deployed("billing") });
  const { exitCode, stderr } = await release(project, "rollback", "dev/checkout", "--now", "--yes");
  expect(exitCode).toBe(1);
  expect(stderr).toContain("  dev/billing: there is nothing to roll back");
  // One that is not in AWS is found before anything is moved.
  const other = createProject(train());
  aws.set({ "GET /restapis": { body: { item: apis.slice(1) } }, ...deployed("billing") });
  const missing = await release(other, "rollback", "dev/checkout", "--now", "--yes");
  expect(missing.exitCode).toBe(2);
  expect(missing.stderr).toMatch(/^error: dev\/orders: .*; nothing is moved\n$/);
  expect([moved(), canaries(project), canaries(other)]).toEqual([[], [10, undefined], [10, 10]]);
});

test("says what is moved where AWS fails in between, and how to move the rest", async () => {
  const project = createProject(train());
  const denied = { status: 403, error: "AccessDeniedException", body: { message: "not yours" } };
  aws.set({ ...ofApis, ...deployed("orders", denied), ...deployed("billing") });
  const { exitCode, stderr } = await release(project, "rollback", "dev/checkout", "--now", "--yes");
  expect(exitCode).toBe(2);
  expect(stderr.split("\n").slice(1)).toEqual([
    "moved back: dev/billing",
    "not moved back: dev/orders; run 'rollback dev/orders --now' for the rest",
    "",
  ]);
  expect(canaries(project)).toEqual([onTrial.canary.percent, undefined]);
});

test("a script gets a list", async () => {
  const project = createProject(train());
  aws.set({ ...ofApis, ...deployed("orders"), ...deployed("billing") });
  const { stdout } = await release(project, "rollback", "dev/checkout", "--now", "--yes", "--json");
  expect(JSON.parse(stdout)).toMatchObject([
    {
      service: "dev/billing",
      from: { v2: 10 },
      to: { v2: 0 },
      moves: ["stage dev: canary dropped"],
      written: true,
    },
    { service: "dev/orders", written: true },
  ]);
});
