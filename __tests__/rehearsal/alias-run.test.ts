import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Run } from "../../src/rehearsal/run";
import { synthesize } from "../../src/synth/synthesize";
import { type AliasStack, definition, writeAliasStack } from "../support/alias-stack";
import { CalledAddress } from "../support/called-address";
import { createProject } from "../support/project";

/** A project whose app copies a stack that was written by hand. */
const app = "mkdir -p cdktf.out/stacks && cp -R stack cdktf.out/stacks/shop && cp manifest.json cdktf.out";
const manifest = { stacks: { shop: { synthesizedStackPath: "stacks/shop/cdk.tf.json" } } };

function projectWith(committed: AliasStack, now: AliasStack): string {
  const project = createProject({ "cdktf.json": { app }, "manifest.json": manifest });
  const git = (...args: string[]) =>
    spawnSync("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], {
      cwd: project,
    });
  writeAliasStack(join(project, "stack"), committed);
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "-m", "one");
  writeAliasStack(join(project, "stack"), now);
  return project;
}

test("a run tells what was published, and which published version answered how often", async () => {
  const live = {
    function_version: "1",
    routing_config: { additional_version_weights: { "2": 0.1 } },
  };
  const project = projectWith({}, { answer: "{ body: 'new' }", aliases: { live } });
  const log = jest.spyOn(console, "log").mockImplementation();
  const ok = await new Run(project, synthesize(project), {
    service: "dev/shop",
    stack: "shop",
    from: "HEAD",
    requests: 500,
    seed: 1,
    port: 0,
  }).start();
  const lines = log.mock.calls.flat().join("\n");
  log.mockRestore();
  expect(lines).toMatch(/^applied +shop of HEAD: 6 added, 0 changed, 0 destroyed, published 1$/m);
  expect(lines).toMatch(/^applied +0 added, 2 changed, 0 destroyed, published 2$/m);
  expect(lines).toMatch(/^serving .*\/dev\/ \(1 90 %, 2 10 %\)$/m);
  const [one = 0, two = 0] = ["1", "2"].map((version) =>
    Number(new RegExp(`^${version} +(\\d+) `, "m").exec(lines)?.[1]),
  );
  expect(one + two).toBe(500);
  expect(two).toBeGreaterThan(20);
  expect(ok).toBe(true);
});

test("an address that a route calls is told from no version of a split alias", async () => {
  const address = await CalledAddress.of(() => ({ body: "12 loaves" }));
  const uri = `http://${address.host}/stock`;
  const { paths, ...document } = JSON.parse(definition("shop-dev:live"));
  const get = { "x-amazon-apigateway-integration": { type: "http_proxy", httpMethod: "GET", uri } };
  const body = JSON.stringify({ ...document, paths: { ...paths, "/stock": { get } } });
  const resource = { aws_api_gateway_rest_api: { shop: { name: "shop-dev", body } } };
  const live = { function_version: "1", routing_config: { additional_version_weights: { "2": 0.5 } } };
  const project = projectWith({ resource }, { resource, answer: "{ body: 'new' }", aliases: { live } });
  const log = jest.spyOn(console, "log").mockImplementation();
  const run = (more: object) =>
    new Run(project, synthesize(project), {
      service: "dev/shop",
      stack: "shop",
      from: "HEAD",
      requests: 30,
      seed: 1,
      port: 0,
      callHttp: true,
      ...more,
    }).start();
  expect([await run({}), address.got.length]).toEqual([true, 1]);
  expect([await run({ request: { path: "/stock" } }), address.got.length]).toEqual([true, 1 + 30 + 1]);
  const lines = log.mock.calls.flat().join("\n");
  log.mockRestore();
  address.close();
  expect(lines.match(/^GET \/stock +1\+2 +200 +12 loaves$/gm)).toHaveLength(2);
});

test("a failure behind an alias is told with the version that ran", async () => {
  const answer = "{ ...event.none.such }";
  const error = jest.spyOn(console, "error").mockImplementation();
  const log = jest.spyOn(console, "log").mockImplementation();
  const project = projectWith({}, { answer });
  const ok = await new Run(project, synthesize(project), {
    service: "dev/shop",
    stack: "shop",
    requests: 5,
    port: 0,
  }).start();
  const [line] = error.mock.calls.flat();
  const table = log.mock.calls.flat().join("\n");
  error.mockRestore();
  log.mockRestore();
  expect(line).toMatch(/^\[1\] GET \/ -> 502: shop-dev:live: TypeError/);
  expect(table).toMatch(/^1 +5 +100.0 % +100 % \(100.0 to 100.0\) +5 /m);
  expect(ok).toBe(false);
});

test("a run says that triggers are not played, and that requests are", async () => {
  const mapping = { function_name: "${aws_lambda_alias.live.arn}", event_source_arn: "arn:aws:sqs:::orders" };
  const project = projectWith(
    {},
    { resource: { aws_lambda_event_source_mapping: { orders: mapping, more: mapping } } },
  );
  const log = jest.spyOn(console, "log").mockImplementation();
  const ok = await new Run(project, synthesize(project), {
    service: "dev/shop",
    stack: "shop",
    requests: 5,
    port: 0,
  }).start();
  const lines = log.mock.calls.flat().join("\n");
  log.mockRestore();
  expect(lines).toMatch(/^triggers +2, not played here: --events plays them$/m);
  expect(ok).toBe(true);
});
