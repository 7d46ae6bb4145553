import { createProject } from "../support/project";
import { release } from "../support/release-command";
import { service, train } from "../support/train";

const now = new Date("2026-11-27T10:30:00Z");
const lines = async (project: string, ...args: string[]) =>
  (await release(project, args, { now })).stdout.trimEnd().split("\n");

test("list shows the train of each service, and no column where there is no train", async () => {
  expect(await lines(createProject(train()), "list", "dev")).toEqual([
    "service       strategy       stable   on trial   share          for   train",
    "dev/billing   canary-stage   v1       v2          10 %   1 h 30 min   checkout",
    "dev/orders    canary-stage   v1       v2          10 %   1 h 30 min   checkout",
    "dev/search    canary-stage   v1       -              -            -   -",
  ]);
  const alone = createProject(train({ "releases/dev/environment.json": { region: "eu-central-1" } }));
  expect((await lines(alone, "list", "dev"))[0]).toBe(
    "service       strategy       stable   on trial   share          for",
  );
  const [json = ""] = await lines(createProject(train()), "list", "--json");
  expect(JSON.parse(json).map((one: { train?: string }) => one.train)).toEqual([
    "checkout",
    "checkout",
    undefined,
  ]);
});

test("status of a train shows its services in its order, and what all of them can do next", async () => {
  const project = createProject(train());
  expect(await lines(project, "status", "dev/checkout")).toEqual([
    "dev/checkout   a train, deployed in this order; if one fails, the deploy stops",
    "",
    "service       strategy       stable   on trial   share          for",
    "dev/orders    canary-stage   v1       v2          10 %   1 h 30 min",
    "dev/billing   canary-stage   v1       v2          10 %   1 h 30 min",
    "",
    "next   npx lambda-release promote dev/checkout    orders, billing: v2 serves everybody",
    "or     npx lambda-release rollback dev/checkout   orders, billing: drops v2: v1 serves everybody",
  ]);
  const [json = ""] = await lines(project, "status", "dev/checkout", "--json");
  expect(JSON.parse(json)).toMatchObject({
    train: "dev/checkout",
    services: [{ service: "dev/orders", stable: "v1", traffic: { v2: 10 } }, { service: "dev/billing" }],
    next: ["promote dev/checkout", "rollback dev/checkout"],
  });
});

test("a step that not all services have is not proposed for the train", async () => {
  const project = createProject(train(service("billing", {})));
  expect((await lines(project, "status", "dev/checkout")).at(-1)).toMatch(/^dev\/billing /);
});
