import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectFolder } from "../support/command";
import { fingerprintIn, shopOfDocument } from "../support/openapi-shop";
import { RehearsedShop } from "../support/rehearse";

const get = { responses: { "200": { description: "Fine" } } };
const signed = { ...get, "x-amazon-apigateway-auth": { type: "AWS_IAM" } };
const open = {
  Effect: "Allow",
  Principal: "*",
  Action: "execute-api:Invoke",
  Resource: "execute-api:/*/GET/",
};
const denied = (fields: object) => ({ ...open, Effect: "Deny", Resource: "execute-api:/*", ...fields });
const from = (...ranges: string[]) => ({ Condition: { NotIpAddress: { "aws:SourceIp": ranges } } });
const documentOf = (...statements: object[]) => ({
  openapi: "3.0.3",
  info: { title: "Shop", version: "1" },
  "x-amazon-apigateway-policy": { Version: "2012-10-17", Statement: statements },
  paths: { "/": { get }, "/secret": { get: signed } },
});
const home = ["127.0.0.0/8"];

test("a document's policy decides who is admitted, and a stage is closed beside it", async () => {
  const document = documentOf(open, denied(from("10.0.0.0/8")));
  const rehearsed = await RehearsedShop.of(shopOfDocument(document));
  expect((await rehearsed.fetch("/dev/")).status).toBe(403);
  expect(rehearsed.lastReason).toMatch(/^the resource policy denies 127.0.0.1 arn:/);
  const preview = { version: "v2", sources: ["203.0.113.0/24"] };
  await rehearsed.apply(shopOfDocument(documentOf(open, denied(from(...home))), { preview }));
  expect((await rehearsed.fetch("/dev/")).status).toBe(200);
  expect((await rehearsed.fetch("/preview/")).status).toBe(403);
});

test("a policy that the canary brings closes the canary's requests alone", async () => {
  const stable = documentOf(open);
  const closed = documentOf(open, denied(from("10.0.0.0/8")));
  const rehearsed = await RehearsedShop.of(
    shopOfDocument(stable, { versions: { v1: { fingerprint: fingerprintIn(stable) } } }),
  );
  const versions = { v1: { fingerprint: fingerprintIn(stable) }, v2: { fingerprint: fingerprintIn(closed) } };
  await rehearsed.apply(shopOfDocument(closed, { versions, canary: { version: "v2", percent: 50 } }));
  const { v1 = 0, 403: refused = 0, ...others } = await rehearsed.count("/dev/", 40);
  expect([others, v1 + refused]).toEqual([{}, 40]);
  expect(Math.min(v1, refused)).toBeGreaterThan(5);
  const isCanary = (status: number) =>
    rehearsed.records.filter((one) => one.status === status).map((one) => one.isCanary);
  expect([new Set(isCanary(200)), new Set(isCanary(403))]).toEqual([new Set([false]), new Set([true])]);
});

test.each([
  ["arn:aws:iam::123456789012:user/ann", 403],
  ["arn:aws:iam::123456789012:user/bob", 200],
  ["arn:aws:sts::123456789012:assumed-role/reader/session", 403],
  ["arn:aws:sts::123456789012:assumed-role/other-reader/session", 200],
  ["arn:aws:iam::210987654321:user/cid", 403],
])("a denial by name meets who signs as %s: %i", async (userArn, status) => {
  const AWS = [
    "arn:aws:iam::123456789012:user/ann",
    "arn:aws:iam::123456789012:role/team/reader",
    "210987654321",
  ];
  const document = documentOf(open, denied({ Principal: { AWS } }));
  const rehearsed = await RehearsedShop.of(shopOfDocument(document), { userArn });
  expect((await rehearsed.fetch("/dev/secret")).status).toBe(status);
  // Nobody signs a request of another route.
  expect((await rehearsed.fetch("/dev/")).status).toBe(200);
});

test("a condition that the rehearsal does not know ends it before a request does", async () => {
  const document = documentOf(open, denied({ Condition: { StringEquals: { "aws:SourceVpc": "vpc-1" } } }));
  await expect(RehearsedShop.of(shopOfDocument(document))).rejects.toThrow(
    "the rehearsal does not know the resource policy's 'Statement.1.Condition.StringEquals'",
  );
});

test("the policy that docs/openapi.md shows turns callers from elsewhere away", async () => {
  const page = readFileSync(join(projectFolder, "docs/openapi.md"), "utf8");
  const shown = page.split("<!-- policy -->\n")[1]?.split(/```\w+\n|```\n/)[1] ?? "";
  const document = { ...documentOf(), paths: { "/": { get } }, ...parse(shown) };
  const rehearsed = await RehearsedShop.of(shopOfDocument(document));
  expect((await rehearsed.fetch("/dev/")).status).toBe(403);
  expect(rehearsed.lastReason).toMatch(/^the resource policy denies 127.0.0.1 /);
});
