import { once } from "node:events";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { RealClock } from "../../src/rehearsal/codedeploy/clock";
import { CodeDeploy } from "../../src/rehearsal/codedeploy/codedeploy";
import { LambdaService } from "../../src/rehearsal/lambda/lambda-service";
import { seededRandom } from "../../src/rehearsal/random";
import { Rehearsal } from "../../src/rehearsal/rehearsal";
import type { ListenerShares } from "../../src/rehearsal/rollout/ecs/listener-shares";
import { LoadBalancer } from "../../src/rehearsal/rollout/ecs/load-balancer";
import { LoadBalancerMetrics } from "../../src/rehearsal/rollout/ecs/load-balancer-metrics";
import { noFaults, PresentFaults } from "../../src/rehearsal/rollout/faults";
import { LambdaServer } from "../../src/rehearsal/rollout/lambda-server";
import { Metrics } from "../../src/rehearsal/rollout/metrics";

const codeDeploy = new CodeDeploy({ clock: new RealClock(1) });
const lambda = new LambdaServer({ lambda: new LambdaService(seededRandom(1), () => {}) });
const gateway = new Rehearsal({ random: seededRandom(1), onRequest: () => {}, onLog: () => {} });
const listener = { arn: "listener", address: "http://web", loadBalancer: "app/web/1", targetGroup: "blue" };
const balancer = new LoadBalancer({
  shares: { of: () => ({ blue: 100 }) } as unknown as ListenerShares,
  targets: () => ({ version: "v1", ports: [1] }),
  faults: new PresentFaults(noFaults),
  metrics: new LoadBalancerMetrics(new Metrics()),
  random: seededRandom(1),
  onRequest: () => {},
});

const listApplications = { "x-amz-target": "CodeDeploy_20141006.ListApplications" };
/** Each server, what it answers to its own host, and what it says to more megabytes than it takes. */
const servers = {
  CodeDeploy: {
    listen: () => codeDeploy.listen(),
    status: 200,
    headers: listApplications,
    tooLong: { megabytes: 7, says: "the body must have at most 6 MB" },
  },
  Lambda: {
    listen: () => lambda.listen(),
    status: 404,
    headers: {},
    tooLong: { megabytes: 7, says: "Request must be smaller than 6291456 bytes" },
  },
  // What it says to a body that is too long takes a stage.
  "API Gateway": { listen: () => gateway.listen(), status: 403, headers: {}, tooLong: undefined },
  "the load balancer": {
    listen: () => balancer.listen(listener),
    status: 502,
    headers: {},
    tooLong: { megabytes: 101, says: "" },
  },
};

afterAll(() => Promise.all([codeDeploy, lambda, gateway, balancer].map((one) => one.close())));

/** @returns the status and the body */
async function post(url: string, headers: Record<string, string>, body: string | Buffer = "{}") {
  const sent = request(url, { method: "POST", headers });
  sent.on("error", () => {});
  sent.end(body);
  const [response] = await once(sent, "response");
  return { status: response.statusCode, body: await text(response) };
}

describe.each(Object.entries(servers))("%s of the rehearsal", (_, { listen, status, headers, tooLong }) => {
  let url = "";
  beforeAll(async () => {
    url = await listen();
  });

  test.each(["rebound.example", "rebound.example:80", "127.0.0.1.example", "localhost.example:80"])(
    "refuses a request for the host %s",
    async (host) => {
      const answer = await post(url, { ...headers, host });
      expect([answer.status, JSON.parse(answer.body).message]).toEqual([
        403,
        `Host must be 127.0.0.1, localhost or [::1], got ${JSON.stringify(host)}`,
      ]);
    },
  );

  test.each(["127.0.0.1", "localhost:1", "[::1]:80", "127.9.9.9"])(
    "answers a request for the host %s",
    async (host) => {
      const answer = await post(url, { ...headers, host });
      expect(answer.status).toBe(status);
      expect(answer.body).not.toContain("Host must be");
    },
  );

  if (tooLong === undefined) return;
  test("answers a body that is too long with 413", async () => {
    const answer = await post(url, headers, Buffer.alloc(tooLong.megabytes * 1024 * 1024, " "));
    expect(answer).toEqual({ status: 413, body: expect.stringContaining(tooLong.says) });
  });
});
