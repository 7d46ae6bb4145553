import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../src/cli/cli";
import { seededRandom } from "../../src/rehearsal/random";
import { createProject, shop, writeFiles } from "../support/project";
import { plainFingerprint } from "../support/shop";

const file = "releases/dev/shop.json";
const whole = {
  $schema: "../release.schema.json",
  strategy: "canary-stage",
  versions: { v1: { fingerprint: plainFingerprint }, v2: { fingerprint: plainFingerprint } },
  stable: "v1",
  former: "v2",
  canary: { version: "v2", percent: 10, since: "2026-11-21T09:30:00Z" },
  steps: [{ percent: 10, bakeMinutes: 30 }, { percent: 50 }],
  stage: { throttling: { rateLimit: 10, burstLimit: 5 }, logRetentionDays: 7 },
  adopt: { functions: { v1: { shop: "old" } } },
};
const values = [
  "",
  " ",
  "v1",
  "v2",
  "__proto__",
  "constructor",
  "toString",
  -1,
  0,
  1e21,
  25.5,
  null,
  true,
  [],
  {},
  [[]],
  "\u0000",
  "😀",
  "${x}",
];
const verbs = [
  ["status", "dev/shop"],
  ["list"],
  ["publish", "dev/shop", "v3"],
  ["publish", "dev/shop", "__proto__"],
  ["start", "dev/shop", "v2", "--replace"],
  ["shift", "dev/shop", "25"],
  ["next", "dev/shop", "--skip"],
  ["promote", "dev/shop", "--skip"],
  ["rollback", "dev/shop"],
  ["hotfix", "dev/shop", "v1"],
  ["prune", "dev/shop"],
  ["prune", "dev/shop", "v2"],
];

/** A file with some of it changed: a value in its place, or characters of its text. */
function changed(draw: (below: number) => number): string {
  const copy = structuredClone(whole) as Record<string, unknown>;
  for (let edits = draw(4); edits > 0; edits--) change(copy);
  let text = JSON.stringify(copy, null, draw(3));
  if (draw(3) === 0) {
    const at = draw(text.length);
    text = text.slice(0, at) + ["", "}", "{", ",", '"', "\\", "\r\n"][draw(7)] + text.slice(at + draw(3));
  }
  return text;

  function change(container: Record<string, unknown>): void {
    const keys = Object.keys(container);
    const key = keys[draw(keys.length)];
    const value = key === undefined ? undefined : container[key];
    if (value !== null && typeof value === "object" && draw(2) === 0)
      change(value as Record<string, unknown>);
    else if (draw(3) === 0 && key !== undefined) delete container[key];
    else
      container[draw(5) === 0 ? String(values[draw(7)]) : (key ?? "v1")] = structuredClone(
        values[draw(values.length)],
      );
  }
}

jest.setTimeout(60_000);

test("whatever a file holds, a verb ends with an exit code and a line, and the file is as it was or valid", async () => {
  const next = seededRandom(7);
  const draw = (below: number) => Math.floor(next() * below);
  const project = createProject(shop({}));
  jest.spyOn(process, "cwd").mockReturnValue(project);
  const told: string[] = [];
  for (const stream of ["log", "error"] as const)
    jest.spyOn(console, stream).mockImplementation((...lines) => void told.push(...lines.map(String)));

  const codes = new Map<number, number>();
  for (let round = 0; round < 1000; round++) {
    const before = changed(draw);
    writeFiles(project, { [file]: before });
    const verb = verbs[draw(verbs.length)] as string[];
    told.length = 0;
    const code = await run([...verb, ...(verb[0] === "status" || verb[0] === "list" ? [] : ["--yes"])]);
    codes.set(code, (codes.get(code) ?? 0) + 1);
    const after = readFileSync(join(project, file), "utf8");
    const where = { verb, before, told: told.join("\n") };
    expect({ ...where, code, isSilent: told.length === 0 }).toMatchObject({ isSilent: false });
    expect({
      ...where,
      trace: /^\s+at |undefined|TypeError|is not a function/m.test(where.told),
    }).toMatchObject({ trace: false });
    if (code !== 0) expect({ ...where, after }).toMatchObject({ after: before });
    else if (after !== before) expect([where, await run(["status", "dev/shop"])]).toEqual([where, 0]);
  }
  // Some were done, some refused, some could not run.
  expect(Math.min(...[0, 1, 2].map((code) => codes.get(code) ?? 0))).toBeGreaterThan(50);
});
