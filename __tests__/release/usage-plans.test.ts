import { problemsOf, shop } from "../support/project";
import { fingerprintOf } from "../support/shop";

const api = { routes: [{ path: "/", apiKey: true }] };
const fingerprint = fingerprintOf(api);
const lines = (stage: object) =>
  problemsOf(shop({ api, versions: { v1: { fingerprint }, v2: { fingerprint } }, stage })).map((line) =>
    line.replace(/^\S+ /, ""),
  );

test.each<[string, object, string[]]>([
  ["plans made elsewhere", { usagePlans: {} }, []],
  [
    "no plan",
    {},
    [
      "'api.routes[0].apiKey' must have a plan under 'stage.usagePlans', without which API Gateway answers 403 to everybody; {} if plans are made elsewhere",
    ],
  ],
  [
    "a key of two plans",
    { usagePlans: { one: { keys: ["a"], keyIds: ["1a"] }, two: { keys: ["b", "a"], keyIds: ["1a"] } } },
    [
      `'stage.usagePlans.two.keys[1]' must be in one plan of a stage, and is in 'one' too, got "a"`,
      `'stage.usagePlans.two.keyIds[0]' must be in one plan of a stage, and is in 'one' too, got "1a"`,
    ],
  ],
  [
    "the value of a key",
    { usagePlans: { one: { keyIds: ["S3cret-S3cret-S3cret-S3cret-S3cret"] } } },
    [
      `'stage.usagePlans.one.keyIds[0]' must be the id of an API key, such as a1b2c3d4e5, got "S3cret-S3cret-S3cret-S3cret-S3cret"`,
    ],
  ],
  [
    "an hour",
    { usagePlans: { one: { quota: { limit: 1, period: "HOUR" } } } },
    [`'stage.usagePlans.one.quota.period' must be one of "DAY", "WEEK", "MONTH", got "HOUR"`],
  ],
])("%s", (_, stage, expected) => {
  expect(lines(stage)).toEqual(expected);
});
