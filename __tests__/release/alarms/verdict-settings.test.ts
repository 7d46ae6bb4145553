import { defaultVerdict } from "../../../src/release/alarms/verdict";
import { releaseOf } from "../../live/shop-context";
import { type Beside, between } from "../../review/between";
import { type Files, problemsOf, shop } from "../../support/project";

const metric = {
  name: "Basket",
  namespace: "Shop",
  dimensions: { Version: "{version}" },
  statistic: "Average",
  direction: "higher",
  differencePercent: 10,
};
const ofEnvironment = { leastRequests: 1000, smallestDifference: { points: 0.5 }, metrics: [metric] };
const inEnvironment = (verdict: object): Files => ({
  "releases/dev/environment.json": { region: "eu-central-1", verdict },
});

const settingsOf = (file: object, environment: object) =>
  releaseOf(shop(file, inEnvironment(environment))).verdict;

test("a release is compared as its file says, field by field, else as its environment says, else by default", () => {
  expect(settingsOf({}, {})).toEqual(defaultVerdict);
  expect(settingsOf({}, ofEnvironment)).toEqual({
    ...defaultVerdict,
    leastRequests: 1000,
    smallestDifference: { points: 0.5, relativePercent: 0 },
    metrics: [metric],
  });
  const verdict = { leastRequests: 50, latency: false, metrics: [] };
  expect(settingsOf({ verdict }, ofEnvironment)).toEqual({
    ...defaultVerdict,
    leastRequests: 50,
    latency: false,
    smallestDifference: { points: 0.5, relativePercent: 0 },
    metrics: [],
  });
});

test.each(["ecs-blue-green", "ecs-native"])(
  "%s has the same fields, and no gate that waits for them",
  (strategy) => {
    const container = { image: `registry.example.com/shop@sha256:${"1".repeat(64)}` };
    const files = (fields: object) => ({
      ...inEnvironment(ofEnvironment),
      "releases/dev/shop.json": { strategy, versions: { v1: { container } }, stable: "v1", ...fields },
    });
    const { leastRequests, latency, metrics } = releaseOf(files({ verdict: { latency: false } })).verdict;
    expect({ leastRequests, latency, metrics }).toEqual({
      leastRequests: 1000,
      latency: false,
      metrics: [metric],
    });
    const refused = problemsOf(
      files({ guard: { verdict: true }, steps: [{ percent: 10, verdict: "as-good" }] }),
    );
    for (const field of ["steps", "guard"])
      expect(refused).toContainEqual(
        expect.stringContaining(`'${field}' must not be given with ${strategy}: `),
      );
  },
);

test("a file may say the default where its environment says otherwise", () => {
  const { leastRequests, smallestDifference } = settingsOf(
    { verdict: { leastRequests: 100, smallestDifference: { points: 0.1, relativePercent: 100 } } },
    ofEnvironment,
  );
  expect({ leastRequests, smallestDifference }).toEqual({
    leastRequests: defaultVerdict.leastRequests,
    smallestDifference: defaultVerdict.smallestDifference,
  });
});

describe("a review", () => {
  const file = { strategy: "canary-stage", versions: ["v1", "v2"], stable: "v1" };
  const verdictOf = (base: object, head: object, beside?: Beside) =>
    between(base, head, beside)
      .steps.filter(({ kind }) => kind === "verdict")
      .map(({ text, shownBy }) => `${text} (${shownBy})`);

  test("tells another comparison, of the file and of the environment", () => {
    expect(verdictOf(file, { ...file, verdict: { leastRequests: 50 } })).toEqual([
      "how the verdict compares (verdict)",
    ]);
    const beside = { baseFiles: inEnvironment({}), files: inEnvironment(ofEnvironment) };
    expect(verdictOf(file, file, beside)).toEqual([
      "how the verdict compares (verdict in releases/dev/environment.json)",
    ]);
  });

  test("tells nothing where another field says the same, or nothing is compared", () => {
    const own = { ...file, verdict: { leastRequests: 1000 } };
    const beside = { baseFiles: inEnvironment({}), files: inEnvironment({ leastRequests: 1000 }) };
    expect(verdictOf(own, file, beside)).toEqual([]);
    const other = { strategy: "blue-green-stage", versions: [1, 2], stable: 1 };
    expect(verdictOf(other, other, beside)).toEqual([]);
  });
});
