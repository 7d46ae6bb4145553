import { servingNow } from "../../src/guard/serving";
import type { LiveAlias, LiveState } from "../../src/live/live-state";
import type { FunctionsRelease } from "../../src/release/release";
import { type Decision, decisionText } from "../../src/release/steps/decision";
import type { Stop } from "../../src/release/steps/stops";
import { releaseOf } from "../live/shop-context";
import { lifeOfTwo, numbered } from "../support/several-functions";

/** A shop of two functions, `api` and `admin`: an alias of each splits the users. */
const release = releaseOf(lifeOfTwo("weighted-alias").recorded) as FunctionsRelease;
const [nine, ten, eleven] = ["2026-11-27T09:00:00Z", "2026-11-27T10:00:00Z", "2026-11-27T11:00:00Z"] as const;

const alone: Decision = { stable: { version: "1", since: nine }, former: undefined, canary: undefined };
const trial = (since: string): Decision => ({ ...alone, canary: { version: "2", since } });
const promotion = (since: string): Decision => ({ ...alone, stable: { version: "2", since }, former: "1" });

const alias = (version: string, decision: Decision, weights = {}): LiveAlias => ({
  version,
  weights,
  description: decisionText(decision),
});
const split = (decision: Decision) => alias("1", decision, { "2": 0.25 });

/** What the aliases of the two functions say. */
function servedBy(api: LiveAlias, admin: LiveAlias, stops: readonly Stop[] = []) {
  const stage = {
    deploymentId: "d1",
    variables: { apiFunction: "shop-dev-api:live", adminFunction: "shop-dev-admin:live" },
  };
  const deployments = [{ id: "d1", description: `definition ${numbered(1, 1).fingerprint}` }];
  const live: LiveState = {
    api: { apiId: "abc", stage, deployments },
    aliases: new Map([
      ["shop-dev-api:live", api],
      ["shop-dev-admin:live", admin],
    ]),
  };
  const { traffic, decision } = servingNow(release, live, stops);
  return { stable: traffic.stable, canary: traffic.canary, decision };
}

const stopped: Stop = {
  version: "2",
  at: ten,
  by: "guard",
  reason: "alarm",
  from: { "1": 75, "2": 25 },
  to: { "1": 100 },
};
const quarter = { version: "2", percent: 25 };

test("users are where all aliases say, by the decision that these say", () => {
  expect(servedBy(split(trial(nine)), split(trial(nine)))).toEqual({
    stable: "1",
    canary: quarter,
    decision: trial(nine),
  });
});

describe("where a stop was interrupted between two aliases", () => {
  test("the version that was stopped is on trial still, by the decision before the stop", () => {
    const expected = { stable: "1", canary: quarter, decision: trial(nine) };
    expect(servedBy(alias("1", alone), split(trial(nine)), [stopped])).toEqual(expected);
    expect(servedBy(split(trial(nine)), alias("1", alone), [stopped])).toEqual(expected);
  });

  test("the version that was promoted is stable still", () => {
    const expected = { stable: "2", canary: undefined, decision: promotion(nine) };
    expect(servedBy(alias("1", alone), alias("2", promotion(nine)), [stopped])).toEqual(expected);
    expect(servedBy(alias("2", promotion(nine)), alias("1", alone), [stopped])).toEqual(expected);
  });
});

test("where an apply is between two aliases, the decision is that of the alias that it has moved", () => {
  expect(servedBy(alias("1", alone), split(trial(eleven)), [stopped]).decision).toEqual(trial(eleven));
  expect(servedBy(alias("1", alone), alias("2", promotion(eleven)), [stopped]).decision).toEqual(
    promotion(eleven),
  );
});

test("a mixture that no stop has left is named by its numbers", () => {
  expect(servedBy(alias("1", alone), split(trial(nine))).canary).toEqual({
    version: "api 1 + admin 2",
    percent: 25,
  });
});
