import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { ListenerShares } from "../../../../src/rehearsal/rollout/ecs/listener-shares";
import { LoadBalancer } from "../../../../src/rehearsal/rollout/ecs/load-balancer";
import { LoadBalancerMetrics } from "../../../../src/rehearsal/rollout/ecs/load-balancer-metrics";
import { type Faults, noFaults, PresentFaults } from "../../../../src/rehearsal/rollout/faults";
import { faultsOf, parseFailing, parseSlow } from "../../../../src/rehearsal/rollout/given-faults";
import { Metrics, seriesOf, statistic } from "../../../../src/rehearsal/rollout/metrics";
import type { ServedRequest } from "../../../../src/rehearsal/rollout/scene";

const LoadBalancerName = "app/web/1";
const blue = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/blue/1";
const opened: { close(): void }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

/** A task's server, which tells what it was asked. */
async function target(answer: (request: IncomingMessage) => Promise<string>): Promise<number> {
  const server: Server = createServer(async (request, response) => {
    response.writeHead(418, { "x-target": "yes" }).end(await answer(request));
  });
  opened.push({ close: () => server.close() });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** A load balancer before those ports, and what it has told. */
async function balanced(ports: readonly number[] | undefined, faults: Faults = noFaults) {
  const metrics = new Metrics();
  const records: ServedRequest[] = [];
  const balancer = new LoadBalancer({
    shares: { of: () => ({ [blue]: 100 }) } as unknown as ListenerShares,
    targets: () => ports && { version: "v1", ports },
    faults: new PresentFaults(faults),
    metrics: new LoadBalancerMetrics(metrics),
    random: () => 0.5,
    onRequest: (record) => records.push(record),
  });
  opened.push(balancer);
  const listener = {
    arn: "listener",
    address: "http://web",
    loadBalancer: LoadBalancerName,
    targetGroup: blue,
  };
  const url = await balancer.listen(listener);
  const sum = (metric: string, dimensions: Record<string, string>) => {
    const series = seriesOf("AWS/ApplicationELB", metric, { LoadBalancer: LoadBalancerName, ...dimensions });
    metrics.endMinute();
    return statistic("Sum", metrics.window(series, 10));
  };
  return { url, records, sum };
}

const ofContainers = { from: "v0", to: "v1", kinds: ["500", "timeout"] } as const;
const ofBlue = { TargetGroup: "targetgroup/blue/1" };

test("a request is passed on as it is, and so is the answer", async () => {
  const told = async (request: IncomingMessage) =>
    [request.method, request.url, request.headers["x-forwarded-for"], await text(request)].join(" ");
  const { url, records, sum } = await balanced([await target(told)]);
  const response = await fetch(`${url}/tea?size=2`, { method: "POST", body: "hot" });
  expect([response.status, response.headers.get("x-target"), await response.text()]).toEqual([
    418,
    "yes",
    "POST /tea?size=2 127.0.0.1 hot",
  ]);
  expect(records).toMatchObject([{ status: 418, version: "v1", isUnseen: true }]);
  expect(sum("HTTPCode_Target_4XX_Count", ofBlue)).toBe(1);
  expect(sum("HTTPCode_Target_5XX_Count", ofBlue)).toBeUndefined();
});

test("requests take turns at the tasks", async () => {
  const ports = [await target(async () => "one"), await target(async () => "two")];
  const { url } = await balanced(ports);
  const answers = [];
  for (let sent = 0; sent < 4; sent++) answers.push(await (await fetch(url)).text());
  expect(answers).toEqual(["one", "two", "one", "two"]);
});

test.each([
  ["a target that is gone is a 502 of the load balancer", [1], 502, /^a task of v1 does not answer: /],
  ["no target at all is a 503", undefined, 503, /^no target is behind targetgroup\/blue\/1$/],
])("%s", async (_, ports, status, reason) => {
  const { url, records, sum } = await balanced(ports);
  expect((await fetch(url)).status).toBe(status);
  expect(records).toMatchObject([{ status, reason: expect.stringMatching(reason), isUnseen: true }]);
  expect(sum("HTTPCode_ELB_5XX_Count", {})).toBe(1);
  expect(sum("HTTPCode_Target_5XX_Count", ofBlue)).toBeUndefined();
});

test("what fails on purpose is an answer of the target, and what is slow takes its time for the metrics", async () => {
  const faults = faultsOf([parseFailing("v1=60%")], [parseSlow("v1=2000")], ofContainers);
  const { url, records, sum } = await balanced([await target(async () => "")], faults);
  expect((await fetch(url)).status).toBe(500);
  expect(records).toMatchObject([{ status: 500, reason: "failed on purpose (--fail)", isUnseen: false }]);
  expect(sum("HTTPCode_Target_5XX_Count", ofBlue)).toBe(1);
  expect(sum("TargetResponseTime", ofBlue)).toBeGreaterThanOrEqual(2);
  expect(sum("TargetResponseTime", ofBlue)).toBeLessThan(3);
});

test.each([
  ["a target that is silent on purpose", ["v1=60%:timeout"], []],
  ["a target that is slower than the load balancer waits", [], ["v1=60001"]],
])("%s is a 504 of the load balancer", async (_, fail, slow) => {
  const faults = faultsOf(fail.map(parseFailing), slow.map(parseSlow), ofContainers);
  const { url, records, sum } = await balanced([await target(async () => "")], faults);
  expect((await fetch(url)).status).toBe(504);
  expect(records).toMatchObject([{ status: 504, version: "v1", isUnseen: true }]);
  expect(sum("HTTPCode_ELB_5XX_Count", {})).toBe(1);
  expect(sum("HTTPCode_Target_5XX_Count", ofBlue)).toBeUndefined();
});

test("a connection that the target has closed meanwhile is no error", async () => {
  const server = createServer((_, response) => response.end("well"));
  server.keepAliveTimeout = 1;
  opened.push({ close: () => server.close() });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { url, records } = await balanced([(server.address() as AddressInfo).port]);
  for (let sent = 0; sent < 20; sent++) {
    await fetch(url);
    server.closeIdleConnections();
  }
  expect(records.map(({ status }) => status)).toEqual(Array(20).fill(200));
});
