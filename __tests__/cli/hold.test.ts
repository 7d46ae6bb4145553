import { readFileSync } from "node:fs";
import { join } from "node:path";
import { shop } from "../support/project";
import { release } from "../support/release-command";
import { Repository } from "../support/repository";

jest.setTimeout(60_000);

const since = "2026-11-28T08:00:00Z";
const now = new Date("2026-11-28T09:00:00Z");
const steps = [{ percent: 10, bakeMinutes: 30, auto: true }, { percent: 50 }];
const repository = new Repository(shop({ steps, canary: { version: "v2", percent: 10, since } }));
const { project } = repository;
const command = (...args: string[]) => release(project, args, { now });
const canary = () => JSON.parse(readFileSync(join(project, "releases/dev/shop.json"), "utf8")).canary;

test("a canary is held and released by verbs, and every view shows it", async () => {
  const held = "v2 is held since 2026-11-28T09:00:00Z: support looks at a complaint";
  const refused = await command("hold", "dev/shop", "--yes");
  expect([refused.exitCode, refused.stderr.split("\n")[0]]).toEqual([
    1,
    'refused: a hold needs its reason: -m "<why>"',
  ]);

  const dry = await command("hold", "dev/shop", "-m", "support looks at a complaint", "--dry-run");
  expect(dry.stdout).toContain(`hold  ${held}\n\nnothing is written`);
  expect(canary()).not.toHaveProperty("hold");

  const { stdout } = await command("hold", "dev/shop", "-m", "support looks at a complaint", "--yes");
  expect(stdout).toContain("commit   dev/shop: hold v2 at 10 %: support looks at a complaint\n");
  expect(stdout).toContain("next   npx lambda-release release dev/shop    lets v2 go on: it is held\n");
  expect(canary().hold).toEqual({ why: "support looks at a complaint", since: "2026-11-28T09:00:00Z" });
  repository.commitAll("dev/shop: hold v2 at 10 %: support looks at a complaint", "2026-11-28T09:00:10Z");

  expect((await command("status", "dev/shop")).stdout).toContain(`\nhold  ${held}\n`);
  expect(JSON.parse((await command("status", "dev/shop", "--json")).stdout).canary.hold).toEqual(
    canary().hold,
  );
  expect((await command("list", "dev")).stdout).toMatch(/^dev\/shop .* 10 % \(held\) /m);
  expect((await command("history", "dev/shop")).stdout).toMatch(
    /^2026-11-28T09:00:10Z +hold v2 at 10 % +v1 90 %, v2 10 % /m,
  );
  const next = await command("next", "dev/shop", "--yes", "--skip");
  expect([next.exitCode, next.stderr]).toEqual([
    1,
    expect.stringContaining(`refused: ${held}; to go on, run: npx lambda-release release dev/shop\n`),
  ]);

  const json = await command("release", "dev/shop", "-m", "it was theirs", "--yes", "--json");
  expect(JSON.parse(json.stdout)).toMatchObject({
    written: true,
    commit: "dev/shop: release v2: it was theirs",
    hold: `ended (${held})`,
    next: ["next dev/shop", "rollback dev/shop"],
  });
  expect(canary()).toEqual({ version: "v2", percent: 10, since });
  expect((await command("status", "dev/shop")).stdout).toContain(
    "steps  [10 % (30 min, auto)], 50 %, promote",
  );
});
