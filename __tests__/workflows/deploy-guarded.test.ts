import { join } from "node:path";
import { deployEnvironment } from "../../src/workflows/deploy";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { AnsweringEndpoint, type Answers } from "../live/answering-endpoint";
import { fakeCommands, usedInstead } from "../support/fake-commands";
import { createProject, writeFiles } from "../support/project";

/** Plans what stands in the stack's folder. */
const commands = fakeCommands({
  terraform: `
    case $1 in
      plan) exit "$(cat status)" ;;
      state) echo '{ "lineage": "l1" }' ;;
      show) cat shown.json ;;
    esac`,
});
usedInstead(commands);

beforeEach(() => void jest.spyOn(console, "log").mockImplementation(() => {}));

describe("a deploy of an alias that a guard watches", () => {
  const [nine, ten] = ["2026-11-27T09:00:00Z", "2026-11-27T10:00:00Z"];
  const ofAlias = (fields: object) =>
    createProject(
      oneFunction("weighted-alias", "code", {
        versions: [1, 2],
        stableSince: nine,
        canary: { version: 2, percent: 10, since: ten },
        ...fields,
      }),
    );
  const alias = {
    Name: "live",
    FunctionVersion: "1",
    Description: `stable 1 since ${nine}, canary 2 since ${ten}`,
    RoutingConfig: { AdditionalVersionWeights: { "2": 0.1 } },
  };
  const answers: Record<string, Answers> = {
    "GET /2015-03-31/functions/shop-dev/aliases": { body: { Aliases: [alias] } },
    GetParameter: { body: { Parameter: { Value: "{}" } } },
    PutParameter: { body: {} },
  };
  let aws: AnsweringEndpoint;
  beforeAll(async () => {
    aws = await AnsweringEndpoint.start();
  });
  afterAll(() => aws.stop());

  /** Applies one change of the shop. */
  async function deploy(own: string, table: Record<string, Answers>): Promise<string[]> {
    aws.set(table);
    const json = { resource_changes: [], output_changes: { traffic: { before: {}, after: { v1: 90 } } } };
    writeFiles(join(own, "cdktf.out/stacks/shop-dev"), { status: "2", "shown.json": json });
    const error = await deployEnvironment(own, "dev", { reviewed: {} }).catch(
      ({ message }: Error) => message,
    );
    const accepted = /'accept' ([0-9a-f]{32})/.exec(String(error))?.[1] ?? "";
    return deployEnvironment(own, "dev", { accepted });
  }

  test("records at once since when the share is live, as the guard does", async () => {
    const start = Math.floor(Date.now() / 1000) * 1000;
    expect(await deploy(ofAlias({ guard: {} }), answers)).toEqual(["shop"]);
    const [put] = aws.changes.map(({ body }) => body as { Name: string; Value: string });
    expect(put?.Name).toBe("/lambda-release/shop-dev/share");
    const { at, ...share } = JSON.parse(put?.Value ?? "");
    expect(share).toEqual({ version: "2", percent: 10, since: ten });
    expect(Date.parse(at)).toBeGreaterThanOrEqual(start);
  });

  test("goes on where AWS refuses the record, and says so", async () => {
    const denied = { status: 400, error: "AccessDeniedException", body: { message: "not yours" } };
    expect(await deploy(ofAlias({ guard: {} }), { ...answers, PutParameter: denied })).toEqual(["shop"]);
    expect(jest.mocked(console.log).mock.calls.flat()).toContain(
      "careful  the time of dev/shop's share is not recorded, and its guard does it within a minute: access denied for ssm:PutParameter: not yours",
    );
  });

  test("asks AWS nothing without a guard", async () => {
    expect(await deploy(ofAlias({}), answers)).toEqual(["shop"]);
    expect(aws.calls).toEqual([]);
  });
});
