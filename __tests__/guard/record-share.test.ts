import { recordShare } from "../../src/guard/record-share";
import { CallTime } from "../../src/live/call-time";
import { decisionText } from "../../src/release/steps/decision";
import { noShare } from "../../src/release/steps/live-share";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { AnsweringEndpoint, type Answers, accountId } from "../live/answering-endpoint";
import { error, functionCall } from "../live/live-answers";
import { shop } from "../support/shop";
import { guardedBy, nine, now, recorded, refused, ten } from "./guard-answers";

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

const guarded = guardedBy(
  oneFunction("weighted-alias", "code", { guard: {}, alarms: {}, stableSince: nine, versions: [1, 2] }),
);
const record = (what = guarded) =>
  recordShare({ accountId, region: "eu-central-1", time: new CallTime() }, what, now);

/** The alias with version 2 at this weight, by a decision of this time, which may be on another version. */
const alias = (
  weight: number,
  since: string = nine,
  { former, decided = "2" }: { readonly former?: string; readonly decided?: string } = {},
): Record<string, Answers> => ({
  [`GET ${functionCall}/aliases`]: {
    body: {
      Aliases: [
        {
          Name: "live",
          FunctionVersion: "1",
          Description: decisionText({
            stable: { version: "1", since: nine },
            former,
            canary: weight > 0 ? { version: decided, since } : undefined,
          }),
          RoutingConfig: { AdditionalVersionWeights: weight > 0 ? { "2": weight } : {} },
        },
      ],
    },
  },
  PutParameter: { body: {} },
});
const share = { version: "2", percent: 10, since: nine, at: ten };
const written = () => aws.changes.map(({ body }) => JSON.parse((body as { Value: string }).Value));

test.each([
  ["a share", alias(0.1), noShare, share],
  ["another share of the same version", alias(0.25), JSON.stringify(share), { ...share, percent: 25 }],
  ["the same share by another decision", alias(0.1, ten), JSON.stringify(share), { ...share, since: ten }],
  ["that nobody is on trial any more", alias(0), JSON.stringify(share), {}],
  [
    "a promotion",
    alias(0, nine, { former: "0" }),
    JSON.stringify(share),
    { version: "1", percent: 100, since: nine, at: ten },
  ],
])("the guard records %s when it sees it first", async (_, answers, before, after) => {
  aws.set({ ...answers, ...recorded(before) });
  await record();
  expect(written()).toEqual([after]);
  expect(aws.changes[0]?.body).toMatchObject({ Name: "/lambda-release/shop-dev/share" });
});

test.each([
  ["the share is recorded already", alias(0.1), JSON.stringify({ ...share, at: nine })],
  ["nobody is on trial, and nothing is recorded", alias(0), noShare],
  [
    "the promotion is recorded already",
    alias(0, nine, { former: "0" }),
    JSON.stringify({ version: "1", percent: 100, since: nine, at: nine }),
  ],
  ["the alias tells of a decision on another version", alias(0.1, nine, { decided: "3" }), noShare],
])("and nothing where %s", async (_, answers, before) => {
  aws.set({ ...answers, ...recorded(before) });
  await record();
  expect(written()).toEqual([]);
});

test("a stage is not looked at: API Gateway says itself when it was changed", async () => {
  aws.set({});
  await record(guardedBy(shop({ guard: {}, stableSince: nine })));
  expect(aws.calls).toEqual([]);
});

test("what AWS refuses is one line", async () => {
  aws.set({ ...alias(0.1), GetParameter: refused() });
  expect(await error(record())).toMatch(/^access denied for ssm:GetParameter/);
});
