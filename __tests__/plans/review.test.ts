import { life, shop, shopWithDefinition, wider } from "../support/shop";
import { describePlans } from "./describe-plans";
import { reviewOf } from "./describe-reviews";

const withDefinition = {
  published: shopWithDefinition(wider, {}),
  ten: shopWithDefinition(wider, { canary: { version: "v2", percent: 10 } }),
  promoted: shopWithDefinition(wider, { stable: "v2", former: "v1" }),
};
const once = [life.first, withDefinition.published, withDefinition.ten];

describePlans("a review of a real plan", () => {
  test.each([
    [
      "published with",
      once.slice(0, 2),
      "publish v2; traffic unchanged, v1 100 %; 6 to add, 1 change, nothing replaced",
    ],
    [
      "tried with",
      once,
      "v1 100 -> 90 %, v2 0 -> 10 %; API definition unchanged for the 90 %, that of v2 for the 10 %; 1 change, nothing replaced; time to roll back: one apply",
    ],
    [
      "promoted with",
      [...once, withDefinition.promoted],
      "v1 90 -> 0 %, v2 10 -> 100 %; API definition of v2 for all users; 1 change, nothing replaced; time to roll back: one apply",
    ],
    [
      "taken back with",
      [...once, withDefinition.promoted, withDefinition.published],
      "v1 0 -> 100 %, v2 100 -> 0 %; API definition of v1 for all users; 1 change, nothing replaced; time to roll back: one apply",
    ],
  ])(
    "tells whose definition a version is %s",
    async (_, deployed, headline) => {
      const { services, findings } = await reviewOf(deployed);
      expect(findings).toEqual([]);
      expect(services.map((one) => one.headline)).toEqual([headline]);
    },
    600_000,
  );

  test("finds what replaces the stage of users, and what changes under them", async () => {
    const fields = { versions: ["v1"], stage: { name: "live" }, settings: { memoryMb: 512 } };
    const { findings } = await reviewOf([life.first, shop(fields)]);
    expect(findings.map(({ check, place, message }) => [check, place, message])).toEqual([
      [
        "replaced",
        "releases/dev/shop.json:8",
        "'stage.name' changes from dev to live: that replaces the stage, and its address is lost; create a second service and move its callers",
      ],
      [
        "published version",
        "releases/dev/shop.json:4",
        "v1 serves 100 %, and this changes its settings (`memoryMb`): publish that as a new version",
      ],
      [
        "unexplained change",
        "aws_api_gateway_method_settings.canary-stage_method-settings",
        "will be replaced (stage_name), but nothing in this change explains it",
      ],
      [
        "unexplained change",
        "aws_api_gateway_stage.canary-stage",
        "will be replaced (stage_name), but nothing in this change explains it",
      ],
    ]);
  });

  test("explains the tags of an environment, and nothing else of it", async () => {
    const environment = { region: "eu-central-1", tags: { owner: "shop" } };
    const { services, findings } = await reviewOf([
      life.first,
      { ...life.first, "releases/dev/environment.json": environment },
    ]);
    expect(findings).toEqual([]);
    expect(services.flatMap(({ rows }) => rows.map(({ step }) => step))).toEqual(["tags of the environment"]);
  });

  test("finds that somebody was at the stage since the base", async () => {
    const { findings } = await reviewOf(
      [life.first, life.published, life.ten, life.twentyFive],
      [life.published],
    );
    expect(findings.map(({ message }) => message)).toEqual([
      "v1 90 %, v2 10 % is live, but releases/dev/shop.json of main says v1 100 %: the traffic was moved by hand, which an apply would undo, or main is not deployed yet",
    ]);
  });

  test("finds that nothing of the base is deployed", async () => {
    const { findings } = await reviewOf([life.ten], [life.published]);
    expect(findings.map(({ check, message }) => [check, message])).toEqual([
      ["live state", "is missing, like 27 resources in all: main is not deployed yet, or they were deleted"],
    ]);
  });
});
