import { problemsOf, shop } from "../support/project";
import { fingerprintOf } from "../support/shop";

const open = (path: string, method = "GET") => ({ path, method });
const signed = (path: string, method = "GET") => ({ path, method, authorization: "AWS_IAM" });

function found(...routes: object[]): string[] {
  const api = { routes };
  const fingerprint = fingerprintOf(api);
  const versions = { v1: { fingerprint }, v2: { fingerprint } };
  return problemsOf(shop({ versions, api })).map((line) => line.replace(/^\S+ /, ""));
}

test.each<[string, object, object]>([
  ["a variable that a guarded path fills", open("/users/{id}"), signed("/users/me")],
  ["a variable that reaches over slashes", open("/users/{id}"), signed("/users/{id}/secret")],
  ["a greedy variable", open("/{proxy+}"), signed("/admin")],
  ["every method of the path", open("/users", "ANY"), signed("/users")],
  ["a method that the guarded path answers with any", open("/users/{id}"), signed("/users/me", "ANY")],
])("%s must not be open", (_, one, other) => {
  expect(found(one, other)).toEqual([expect.stringMatching(/^'api\.routes\[0\]' must not be open beside /)]);
});

test("the line names both routes", () => {
  expect(found(signed("/users/me"), open("/users/{id}"))).toEqual([
    "'api.routes[1]' must not be open beside GET /users/me: the API's resource policy would open that too, because it has no exceptions; guard both, or give them paths of which neither includes the other, got \"GET /users/{id}\"",
  ]);
});

test.each<[string, object, object]>([
  ["another path", open("/offers/{id}"), signed("/users/me")],
  ["another method", open("/users/{id}"), signed("/users/me", "POST")],
  ["a fixed path below a guarded variable", open("/users/me"), signed("/users/{id}")],
  ["one method of a path whose others are guarded", open("/users"), signed("/users", "ANY")],
  ["both open", open("/users/{id}"), open("/users/me")],
  ["both guarded", signed("/users/{id}"), signed("/users/me")],
])("%s may be", (_, one, other) => {
  expect(found(one, other)).toEqual([]);
});
