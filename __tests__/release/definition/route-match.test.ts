import { matchRoute, plainPath } from "../../../src/release/definition/route-match";
import { problemsOf } from "../../support/project";
import { shopOfOne } from "../../support/shop";

/** `GET /users` and the like. */
function routesOf(lines: readonly string[]) {
  return lines.map((line) => {
    const [method = "", path = ""] = line.split(" ");
    return { method, path, line };
  });
}

test.each<[string, string[], string | undefined]>([
  ["GET /a", ["ANY /a", "GET /a"], "GET /a"],
  ["PUT /a", ["GET /a", "ANY /a"], "ANY /a"],
  ["GET /a/b", ["GET /a/{x}", "GET /a/b", "GET /{proxy+}"], "GET /a/b"],
  ["GET /a/c", ["GET /{proxy+}", "GET /a/{x}", "GET /a/b"], "GET /a/{x}"],
  ["GET /a/b/c", ["GET /a/{x}", "GET /{proxy+}", "GET /a/{proxy+}"], "GET /a/{proxy+}"],
  ["POST /a/b", ["GET /a/b", "POST /a/{x}", "POST /{proxy+}"], "POST /a/{x}"],
  ["POST /a/b", ["GET /a/b", "GET /a/{x}", "ANY /{proxy+}"], "ANY /{proxy+}"],
  ["OPTIONS /a/b", ["ANY /a/{x}", "OPTIONS /{proxy+}"], "ANY /a/{x}"],
  ["GET /a/c", ["GET /a/b", "GET /{x}/c"], "GET /{x}/c"],
  ["HEAD /a", ["GET /a"], undefined],
  ["GET /", ["GET /{proxy+}"], undefined],
  ["GET /a//b", ["GET /a/{x}/b"], undefined],
  ["GET /%61", ["GET /a"], undefined],
  ["GET //a//", ["GET /a"], "GET /a"],
])("%s of %j is answered by %s", (request, lines, expected) => {
  const [method = "", path = ""] = request.split(" ");
  expect(matchRoute(routesOf(lines), method, path)?.route.line).toBe(expected);
});

test("a plain path is one whose GET is answered by an open route", () => {
  const closed = ["GET /both", "ANY /both", "POST /write", "GET /users/{id}", "ANY /open"];
  const isOpen = ({ line }: { line: string }) => line !== "GET /both";
  expect(plainPath(routesOf(closed), isOpen)).toBe("/open");
  expect(plainPath(routesOf(closed.slice(0, 4)), isOpen)).toBeUndefined();
});

test("a declared OPTIONS of an ANY route is answered with preflightOfAny too", () => {
  const api = {
    routes: [{ method: "ANY", path: "/{proxy+}" }],
    cors: { allowOrigin: "*", preflightOfAny: true },
  };
  const requests = [{ method: "OPTIONS", path: "/a/b" }];
  expect(problemsOf(shopOfOne(api, "export const handler = async () => ({});\n", { requests }))).toEqual([]);
});

test.each([
  ["OPTIONS", "/items", undefined],
  ["OPTIONS", "/items/7", undefined],
  ["OPTIONS", "/other", 'must be answered by a route (GET /items, ANY /items/{id}), got "OPTIONS /other"'],
  ["GET", "//items/", undefined],
  ["GET", "/items/7/8", "must be answered by a route"],
])("a declared request %s %s with CORS: %s", (method, path, problem) => {
  const routes = [{ path: "/items" }, { method: "ANY", path: "/items/{id}" }];
  const api = { routes, cors: { allowOrigin: "*" } };
  const files = shopOfOne(api, "export const handler = async () => ({});\n", {
    requests: [{ method, path }],
  });
  const problems = problemsOf(files).join("\n");
  if (problem === undefined) expect(problems).toBe("");
  else expect(problems).toContain(problem);
});
