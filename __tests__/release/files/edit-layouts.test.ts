import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../src/cli/cli";
import { seededRandom } from "../../../src/rehearsal/random";
import { type Edit, edited } from "../../../src/release/files/edit";
import { isEditOf } from "../../../src/release/files/edited-value";
import { type Draw, drawnLayout } from "../../support/json-layout";
import { createProject, type Files, handler, shop, writeFiles } from "../../support/project";

jest.setTimeout(60_000);

function drawer(seed: number): Draw {
  const next = seededRandom(seed);
  return (below) => Math.floor(next() * below);
}

const scalars = [0, -1.5, 1e21, true, null, "", 'a "quoted" text', "ü \\ /", "{ [ , : ] }"];

function drawnValue(draw: Draw, depth = 3): unknown {
  const kind = depth === 0 ? 0 : draw(4);
  if (kind < 2) return scalars[draw(scalars.length)];
  const size = draw(5);
  if (kind === 2) return Array.from({ length: size }, () => drawnValue(draw, depth - 1));
  return Object.fromEntries(
    Array.from({ length: size }, (_, index) => [`k${index}`, drawnValue(draw, depth - 1)]),
  );
}

/** An edit of a value, which this function makes of it too. */
function drawnEdit(value: Record<string, unknown>, draw: Draw): Edit[] {
  let container: Record<string | number, unknown> = value;
  const path: (string | number)[] = [];
  for (;;) {
    const inner = Object.entries(container).filter(([, one]) => one !== null && typeof one === "object");
    const step = inner[draw(inner.length + 1)];
    if (step === undefined) break;
    path.push(Array.isArray(container) ? Number(step[0]) : step[0]);
    container = step[1] as typeof container;
  }
  const keys = Array.isArray(container) ? [...container.keys()] : Object.keys(container);
  const given = drawnValue(draw, 2);
  if (draw(3) === 0 || keys.length === 0) {
    const key = Array.isArray(container) ? container.length : "new";
    container[key] = given;
    return [{ field: [...path, key], value: given, after: draw(2) === 0 ? String(keys[0]) : undefined }];
  }
  const chosen = keys.filter(() => draw(2) === 0);
  if (draw(3) === 0) {
    for (const key of chosen) container[key] = given;
    return chosen.map((key) => ({ field: [...path, key], value: given }));
  }
  const edits = chosen.map((key) => ({ field: [...path, key] }));
  for (const key of [...chosen].reverse())
    if (Array.isArray(container)) container.splice(Number(key), 1);
    else delete container[key];
  // In whatever order a caller names what goes.
  return draw(2) === 0 ? edits : edits.reverse();
}

test("an edit makes its change and no other, whatever the layout", () => {
  const draw = drawer(11);
  for (let round = 0; round < 2000; round++) {
    const value = drawnValue(draw) as Record<string, unknown>;
    if (value === null || typeof value !== "object" || Array.isArray(value)) continue;
    const before = drawnLayout(value, draw);
    const expected = structuredClone(value);
    const edits = drawnEdit(expected, draw);
    const after = edited(before, edits);
    expect({ before, edits, after, value: parsed(after) }).toEqual({ before, edits, after, value: expected });
    expect(isEditOf(before, after, edits)).toBe(true);
  }
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

test.each([
  ["an item that goes with its neighbour", "[1, 23]", [{ field: [2] }]],
  ["a file that is none any more", "[1, 2", [{ field: [2] }]],
  ["nothing", "[1, 2, 3]", [{ field: [2] }]],
  ["another item", "[2, 3]", [{ field: [2] }]],
  ["a value beside it", "[1, 3]", [{ field: [2] }, { field: [1], value: 4 }]],
])("an edit that writes %s is found", (_, after, edits) => {
  expect(isEditOf("[1, 2, 3]", after, edits)).toBe(false);
});

type Release = Record<string, unknown> & { versions: number[] };
const file = "releases/dev/svc.json";
const numbered: Files = {
  "releases/dev/environment.json": { region: "eu-central-1" },
  "lambdas/svc/svc.ts": handler("1"),
};
const now = new Date("2026-11-21T09:30:00Z");
const since = "2026-11-21T09:30:00Z";

/** A verb's arguments, and what it makes of the release. */
type Case = readonly [readonly string[], (release: Release) => object];

/** What each verb writes, as the README says it and not as the code does it. */
function cases(draw: Draw, versions: readonly number[]): [Release, Case][] {
  const [first = 0, second = 0, third = 0, ...others] = versions;
  const base = { strategy: "alias-canary-stage", versions: [...versions], stable: first };
  const trial = { ...base, canary: { version: second, percent: 10, since: "2026-01-01T00:00:00Z" } };
  const steps = [{ percent: 10 }, { percent: 50 }];
  const gone = [...others].filter(() => draw(2) === 0);
  const pruned = gone.length > 0 ? gone : others;
  return [
    [base, [["publish", "99"], (one) => ({ ...one, versions: [...versions, 99] })]],
    [base, [["start", `${second}`], (one) => ({ ...one, canary: { version: second, percent: 10, since } })]],
    [trial, [["shift", "25"], (one) => ({ ...one, canary: { version: second, percent: 25, since } })]],
    [{ ...trial, steps }, [["next"], (one) => ({ ...one, canary: { version: second, percent: 50, since } })]],
    [trial, [["promote"], ({ canary, ...one }) => ({ ...one, stable: second, former: first })]],
    [trial, [["rollback"], ({ canary, ...one }) => one]],
    [{ ...base, former: third }, [["rollback"], ({ former, ...one }) => ({ ...one, stable: third })]],
    [trial, [["hotfix", `${third}`], (one) => ({ ...one, stable: third, former: first })]],
    [
      trial,
      [
        ["start", `${third}`, "--replace"],
        (one) => ({ ...one, canary: { version: third, percent: 10, since } }),
      ],
    ],
    [
      { ...trial, former: third },
      [
        ["prune", ...pruned.map(String)],
        (one) => ({ ...one, versions: versions.filter((version) => !pruned.includes(version)) }),
      ],
    ],
    [
      { ...trial, former: others[0] },
      [
        ["prune", `${others[0]}`],
        ({ former, ...one }) => ({ ...one, versions: versions.filter((version) => version !== others[0]) }),
      ],
    ],
  ];
}

test("each verb makes its change and no other, whatever the layout and the order of the versions", async () => {
  const draw = drawer(5);
  const project = createProject(numbered);
  jest.spyOn(process, "cwd").mockReturnValue(project);
  const told: string[] = [];
  for (const stream of ["log", "error"] as const)
    jest.spyOn(console, stream).mockImplementation((...lines) => void told.push(...lines.map(String)));
  for (let round = 0; round < 12; round++) {
    const all = [1, 2, 3, 4, 5, 6, 7].sort(() => draw(3) - 1);
    for (const [release, [[verb = "", ...args], made]] of cases(draw, all.slice(0, 4 + draw(4)))) {
      const before = drawnLayout(release, draw);
      writeFiles(project, { [file]: before });
      told.length = 0;
      const code = await run([verb, "dev/svc", ...args, "--yes"], now);
      const after = JSON.parse(readFileSync(join(project, file), "utf8"));
      const where = { verb, args, before, told: told.join("\n") };
      expect({ ...where, code, after }).toEqual({ ...where, code: 0, after: made(release) });
    }
  }
});

test("prune removes a named version with its adopted functions", async () => {
  const adopt = { functions: { v1: { shop: "old" } } };
  const project = createProject(shop({ stable: "v2", adopt }));
  jest.spyOn(process, "cwd").mockReturnValue(project);
  jest.spyOn(console, "log").mockImplementation(() => {});
  expect(await run(["prune", "dev/shop", "v1", "v1", "--yes"], now)).toBe(0);
  expect(JSON.parse(readFileSync(join(project, "releases/dev/shop.json"), "utf8"))).toEqual({
    strategy: "canary-stage",
    versions: ["v2"],
    stable: "v2",
    adopt: { functions: {} },
  });
});
