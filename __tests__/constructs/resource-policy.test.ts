import { type ClosedStage, resourcePolicy } from "../../constructs/resource-policy";
import { decide, parseResourcePolicy } from "../../src/rehearsal/api-gateway/resource-policy";
import { definitionOf } from "../../src/release/definition/definition";
import { api as apiSchema } from "../../src/release/schema/api";

const arn = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3";
const blue: ClosedStage = { name: "blue", sources: ["203.0.113.0/24", "2001:db8::/32"] };

/** What the policy of an API says to a request of an address. */
function policyOf(routes: object[], closed?: ClosedStage, cors?: object) {
  const authorizers = { callers: { type: "TOKEN" } };
  const api = { routes, authorizers, ...(cors && { cors }) };
  const text = resourcePolicy(arn, definitionOf(apiSchema.parse(api), "shop"), closed);
  if (text === undefined) return undefined;
  const policy = parseResourcePolicy(text, arn);
  return (request: string, address = "192.0.2.1") => decide(policy, `${arn}/${request}`, address);
}

test("there is none without a stage to close and AWS_IAM routes", () => {
  expect(policyOf([{ path: "/" }])).toBeUndefined();
});

test("a closed stage admits its sources, and every other stage everybody", () => {
  const decided = policyOf([{ path: "/" }], blue);
  expect(decided?.("green/GET/")).toBe("allowed");
  expect(decided?.("blue/GET/")).toBe("denied");
  expect(decided?.("blue/GET/", "203.0.113.7")).toBe("allowed");
  expect(decided?.("blue/GET/", "2001:db8::1")).toBe("allowed");
});

const guards = ["AWS_IAM", { authorizer: "callers" }];
test.each(guards.flatMap((guard) => [[guard, undefined] as const, [guard, blue] as const]))(
  "routes of %j are never opened by it, with %j closed",
  (authorization, closed) => {
    const routes = [
      { path: "/open/{id}" },
      { path: "/any", method: "ANY" },
      { path: "/secret", authorization },
    ];
    const decided = policyOf(routes, closed, { allowOrigin: "*" });
    expect(decided?.("green/GET/open/7")).toBe("allowed");
    expect(decided?.("green/DELETE/any")).toBe("allowed");
    expect(decided?.("green/OPTIONS/secret")).toBe("allowed");
    expect(decided?.("green/GET/secret")).toBe("not allowed");
    expect(decided?.("blue/GET/open/7")).toBe(closed === undefined ? "allowed" : "denied");
  },
);

test.each([
  [{}, "not allowed"],
  [{ preflightOfAny: true }, "allowed"],
])("OPTIONS of an authorizer's ANY route is open only where API Gateway answers it: %j", (cors, expected) => {
  const routes = [{ path: "/any", method: "ANY", authorization: { authorizer: "callers" } }];
  expect(policyOf(routes, blue, { allowOrigin: "*", ...cors })?.("green/OPTIONS/any")).toBe(expected);
});

test.each(guards)("an API of routes of %j alone has a policy that opens nothing", (authorization) => {
  const decided = policyOf([{ path: "/", authorization }]);
  expect(decided?.("dev/GET/")).toBe("not allowed");
});
