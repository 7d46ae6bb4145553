import { execFileSync } from "node:child_process";
import { noStops, withStop } from "../../src/release/steps/stops";
import { AnsweringEndpoint } from "../live/answering-endpoint";
import { releaseInAccount as release } from "../live/deployed-shop";
import { RolloutShop } from "../live/rollout-shop";
import { shop } from "../support/project";
import { Repository } from "../support/repository";

jest.setTimeout(120_000);

const canary = { canary: { version: "v2", percent: 10, since: "2026-11-27T09:00:00Z" } };

/** A shop whose canary was committed at 9 o'clock. */
function guardedShop(): string {
  const made = new Repository({});
  made.write(shop({ guard: {}, stableSince: "2026-11-27T08:00:00Z", ...canary }));
  made.commitAll("Try v2", "2026-11-27T09:00:00Z");
  return made.project;
}

const stops = withStop(noStops, {
  version: "v2",
  at: "2026-11-27T10:00:00Z",
  by: "guard",
  reason: "alarm shop-dev-v2-errors",
  from: { v1: 90, v2: 10 },
  to: { v1: 100, v2: 0 },
});

describe("history --live", () => {
  let aws: AnsweringEndpoint;
  beforeAll(async () => {
    aws = await AnsweringEndpoint.start();
  });
  afterAll(() => aws.stop());

  test("has what the guard stopped, between the commits", async () => {
    aws.set({ GetParameter: { body: { Parameter: { Value: stops } } } });
    const { exitCode, stdout, stderr } = await release(guardedShop(), "history", "--live", "dev/shop");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout.split("\n").slice(3, 4)).toEqual([
      "2026-11-27T10:00:00Z   stop v2                    v1 100 %           guard   -         alarm shop-dev-v2-errors",
    ]);
    expect(stdout).toMatch(
      /\n2026-11-27T09:00:00Z {3}deploy with v1 as stable {3}v1 90 %, v2 10 % {3}test .* Try v2\n$/,
    );
  });

  test("asks AWS for nothing without the flag", async () => {
    const before = aws.asked.length;
    expect(await release(guardedShop(), "history", "dev/shop")).toMatchObject({ exitCode: 0 });
    expect(aws.asked).toHaveLength(before);
  });

  test("prints no half of it where AWS refuses", async () => {
    const refused = { status: 400, error: "AccessDeniedException", body: { message: "no" } };
    aws.set({ GetParameter: refused });
    const { exitCode, stdout, stderr } = await release(guardedShop(), "history", "--live", "dev/shop");
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(/^error: what AWS records of dev\/shop is not known: [^\n]*no\n$/);
  });
});

test("history --live has CodeDeploy's deployments, with how each ended and what took it back", async () => {
  const moved = await RolloutShop.start();
  try {
    execFileSync("git", ["init", "--quiet"], { cwd: moved.project });
    moved.onLook(3, () => moved.alarms.set("shop-errors", "ALARM"));
    expect((await moved.rollout("--yes")).exitCode).toBe(1);
    const { exitCode, stdout } = await moved.command("history", "--live", "--json", "dev/shop");
    expect(exitCode).toBe(0);
    const ofAws = JSON.parse(stdout).entries.filter(({ source }: { source: string }) => source === "aws");
    expect(ofAws).toMatchObject([
      { move: "d-000000002: take back d-000000001, Succeeded", by: "CodeDeploy" },
      { move: "d-000000001: shift 1 to 2, Stopped", why: expect.stringContaining("shop-errors") },
    ]);
  } finally {
    moved.close();
  }
});
