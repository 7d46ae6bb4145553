import { resourcePolicy } from "../../../constructs/resource-policy";
import { anyPart, overlap } from "../../../src/release/definition/document/overlap";
import { fingerprint } from "../../../src/release/definition/fingerprint";
import { readReleases } from "../../../src/release/files/file";
import { filesOnDisk } from "../../../src/release/files/project-files";
import { formatProblem } from "../../../src/release/problem";
import { definitionIn, get, type Json, minimal, path, problemsIn } from "../../support/openapi";
import { shopOfDocument } from "../../support/openapi-shop";
import { createProject } from "../../support/project";

const allow = { Effect: "Allow", Principal: "*", Action: "execute-api:Invoke", Resource: "execute-api:/*" };
const deny = {
  ...allow,
  Effect: "Deny",
  Condition: { NotIpAddress: { "aws:SourceIp": ["203.0.113.0/24"] } },
};
const policy = (...statements: object[]) => ({ Version: "2012-10-17", Statement: statements });
const key = "x-amazon-apigateway-policy";
const signed = { ...get, "x-amazon-apigateway-auth": { type: "AWS_IAM" } };
const withPolicy = (given: unknown, paths: Json = { "/offers": { get } }) => ({
  ...minimal,
  paths,
  [key]: given,
});

test("a document's policy is part of its definition, and of the fingerprint alone with it", () => {
  const definition = definitionIn(withPolicy(policy(allow, deny)));
  expect(definition.policy).toEqual(policy(allow, deny));
  expect(definition.document).not.toHaveProperty([key]);
  const prints = [minimal, withPolicy(policy(allow, deny)), withPolicy(policy(allow))].map((one) =>
    fingerprint(definitionIn(one)),
  );
  expect(new Set(prints).size).toBe(3);
  expect(definitionIn(withPolicy({ ...policy(), Statement: allow })).policy).toEqual(policy(allow));
});

const at = "'x-amazon-apigateway-policy.Statement[0]";
test.each<[string, unknown, string]>([
  ["no object", "all", `'${key}' must be a policy, an object, got "all"`],
  ["another version", { ...policy(allow), Version: "2008-10-17" }, `'${key}.Version' must be "2012-10-17"`],
  ["no statement", policy(), `'${key}.Statement' must be a statement, or a list of one or more`],
  [
    "another field",
    { ...policy(allow), Statements: [] },
    `'${key}.Statements' must be Version, Id or Statement`,
  ],
  ["another effect", policy({ ...allow, Effect: "allow" }, allow), `${at}.Effect' must be "Allow" or "Deny"`],
  ["a negation", policy({ ...deny, NotAction: "x" }, allow), `${at}.NotAction' must not be given`],
  ["another element", policy({ ...deny, Source: "x" }, allow), `${at}.Source' must be one of Sid, Effect`],
  [
    "another action",
    policy({ ...deny, Action: "lambda:*" }, allow),
    `${at}.Action' must be execute-api:Invoke`,
  ],
  ["no action", policy({ ...deny, Action: [] }, allow), `${at}.Action' must be execute-api:Invoke`],
  [
    "a principal without its kind",
    policy({ ...deny, Principal: "123456789012" }, allow),
    `${at}.Principal' must be`,
  ],
  ["no principal", policy({ ...deny, Principal: undefined }, allow), `${at}.Principal' must be`],
  [
    "a resource of another service",
    policy({ ...deny, Resource: "arn:aws:s3:::a" }, allow),
    `${at}.Resource' must be *,`,
  ],
  [
    "a condition of no form",
    policy({ ...deny, Condition: { IpAddress: "10.0.0.1" } }, allow),
    `${at}.Condition' must be`,
  ],
  [
    "the project's own Sid",
    policy({ ...allow, Sid: "FromElsewhere" }),
    `${at}.Sid' must be text that does not begin with`,
  ],
  [
    "a Sid twice",
    policy({ ...allow, Sid: "One" }, { ...deny, Sid: "One" }),
    "'x-amazon-apigateway-policy.Statement[1].Sid' must be a Sid that no other statement has",
  ],
  [
    "a route that nobody may call",
    policy({ ...allow, Resource: "execute-api:/*/POST/*" }, deny),
    `'${key}.Statement' must allow GET /offers: a route that no statement allows to everybody could not be called`,
  ],
  ["a denial alone", policy(deny), `'${key}.Statement' must allow GET /offers`],
  [
    "an open route that accounts alone may call",
    policy({ ...allow, Principal: { AWS: "123456789012" } }),
    `'${key}.Statement' must allow GET /offers`,
  ],
])("a policy with %s is refused", (_, given, message) => {
  expect(problemsIn(withPolicy(given))).toEqual([expect.stringContaining(message)]);
});

describe("a route with AWS_IAM", () => {
  const paths = { "/offers/{id}": { get: signed }, "/open": { get } };
  const toOpen = { ...allow, Resource: ["execute-api:/*/GET/open"] };

  test.each([
    ["execute-api:/*"],
    ["execute-api:/dev/*/offers/7"],
    ["arn:aws:execute-api:*:*:*/dev/G?T/off*"],
    ["*"],
  ])("must not be allowed to everybody by %s", (Resource) => {
    const [first, ...others] = problemsIn(withPolicy(policy(toOpen, { ...allow, Resource }), paths));
    expect(first).toContain(
      "Statement[1].Resource' must not allow GET /offers/{id} to everybody: AWS_IAM or",
    );
    // With the place in the file.
    expect(first).toMatch(new RegExp(`^${path}:\\d+:\\d+ `));
    expect(others).toEqual([]);
  });

  test("may be allowed to others by name, be denied, and be left out", () => {
    const named = { ...allow, Principal: { AWS: "arn:aws:iam::123456789012:role/shop" } };
    expect(problemsIn(withPolicy(policy(toOpen, named, deny), paths))).toEqual([]);
    expect(problemsIn(withPolicy(policy(deny), { "/offers": { get: signed } }))).toEqual([]);
  });
});

test("a policy of other stages than the API has is refused by the stage's name", () => {
  const document = withPolicy(policy({ ...allow, Resource: "execute-api:/dev/*" }));
  const problemsWith = (release: object, of: object = document) =>
    readReleases(filesOnDisk(createProject(shopOfDocument(of, release)))).problems.map(formatProblem);
  const closed = (stage: string) =>
    expect.stringContaining(`must allow GET /offers of the stage ${stage}: a route`);
  expect(problemsWith({ stage: { name: "live" } })).toContainEqual(closed("live"));
  expect(problemsWith({ preview: { version: "v2", sources: ["203.0.113.0/24"] } })).toContainEqual(
    closed("preview"),
  );
  const withCors = { api: { openapi: path, cors: { allowOrigin: "*" } } };
  const reads = withPolicy(policy({ ...allow, Resource: "execute-api:/*/GET/*" }));
  expect(problemsWith(withCors, reads)).toContainEqual(
    expect.stringContaining(
      "must allow OPTIONS /offers of the stage dev: a route that no statement allows to everybody could not be called",
    ),
  );
  expect(problemsWith({}).filter((line) => line.includes("must allow"))).toEqual([]);
});

const arn = "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3";

test("the API gets the document's statements, and of the project what closes a stage", () => {
  const user = { ...deny, Condition: { StringNotEquals: { "aws:username": "${aws:username}" } } };
  const definition = definitionIn(withPolicy({ Id: "mine", ...policy(allow, user) }));
  const text = resourcePolicy(arn, definition, { name: "preview", sources: ["10.0.0.0/8"] }) ?? "";
  // Terraform reads $${ as ${.
  expect(JSON.parse(text.replaceAll("$${", "${"))).toEqual({
    Version: "2012-10-17",
    Id: "mine",
    Statement: [
      { ...allow, Resource: [`${arn}/*`] },
      { ...user, Resource: [`${arn}/*`] },
      {
        Sid: `FromElsewhere${fingerprint(definition)}`,
        Effect: "Deny",
        Principal: "*",
        Action: "execute-api:Invoke",
        Resource: [`${arn}/preview/*`],
        Condition: { NotIpAddress: { "aws:SourceIp": ["10.0.0.0/8"] } },
      },
    ],
  });
  expect(text).toContain("$${aws:username}");
  const alone = JSON.parse(resourcePolicy(arn, definitionIn(withPolicy(policy(allow))), undefined) ?? "");
  expect(alone.Statement.map(({ Effect }: { Effect: string }) => Effect)).toEqual(["Allow", "Deny"]);
});

test.each([
  ["*", "", true],
  ["dev/*", "|/GET/a", true],
  ["dev/GET/*", "|/POST/a", false],
  ["*/GET/a/*", "|/GET/a", false],
  ["*/GET/b", "|/GET/a/|", false],
  ["*/GET/b", "|/GET/*", true],
  ["*/GET/a*", "|/|/a/|/b", true],
  ["dev/*/a/?", "dev/|/a/|", true],
  ["dev/*/a/?/c", "dev/|/a/|", false],
  ["a?c", "abc", true],
  ["a?c", "ac", false],
  ["a", "b", false],
])("the pattern %s matches one of the requests %s: %p", (pattern, request, expected) => {
  expect(overlap(pattern, request.replaceAll("|", anyPart))).toBe(expected);
});
