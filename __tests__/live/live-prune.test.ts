import { pruneLive } from "../../src/live/live-release";
import { shop as oneFunction } from "../e2e/lambda-versions";
import { AnsweringEndpoint, type Table } from "./answering-endpoint";
import { alias, aliases, error, functionCall } from "./live-answers";
import { releaseOf } from "./shop-context";

let aws: AnsweringEndpoint;
beforeAll(async () => {
  aws = await AnsweringEndpoint.start();
});
afterAll(() => aws.stop());

describe("pruning Lambda versions", () => {
  const release = releaseOf(oneFunction("weighted-alias", "code", { versions: [2, 6], stable: 2 }));
  const page = (numbers: readonly string[], NextMarker?: string) => ({
    body: {
      Versions: numbers.map((Version) => ({ Version, CodeSize: 5, LastModified: "2026-11-21" })),
      NextMarker,
    },
  });
  const table: Table = {
    [`GET ${functionCall}/versions`]: page(["$LATEST", "1", "2", "3"], "m"),
    [`GET ${functionCall}/versions?Marker=m`]: page(["4", "5", "6", "7"]),
    ...aliases(alias("live", "2", { "3": 0.1 }), alias("by-hand", "5")),
  };

  test("finds those that no alias names and the file does not list, and keeps later ones", async () => {
    aws.set(table);
    let found: unknown;
    await pruneLive(
      release,
      async ({ unused, later }) => {
        found = { unused: unused.map(({ version }) => version), later };
        return [];
      },
      () => {},
    );
    expect(found).toEqual({ unused: ["1", "4"], later: ["7"] });
    expect(aws.changes).toEqual([]);
  });

  test("deletes those that it is told to, and takes one that is gone for deleted", async () => {
    aws.set({
      ...table,
      [`DELETE ${functionCall}?Qualifier=1`]: { status: 204, body: "" },
      [`DELETE ${functionCall}?Qualifier=4`]: { status: 404, error: "ResourceNotFoundException" },
    });
    const deleted: string[] = [];
    await pruneLive(
      release,
      async () => ["1", "4"],
      (version) => deleted.push(version),
    );
    expect(aws.changes.map(({ name }) => name)).toEqual([
      `DELETE ${functionCall}?Qualifier=1`,
      `DELETE ${functionCall}?Qualifier=4`,
    ]);
    expect(deleted).toEqual(["1", "4"]);
  });

  test.each(["$LATEST", "", "v1"])("never deletes '%s'", async (version) => {
    aws.set(table);
    const pruning = pruneLive(
      release,
      async () => [version],
      () => {},
    );
    expect(await error(pruning)).toBe(`'${version}' must be the number of a version`);
    expect(aws.changes).toEqual([]);
  });
});
