import { readReleases } from "../../src/release/files/file";
import { formatProblem } from "../../src/release/problem";
import { filesInMemory } from "../support/files-in-memory";
import { type Files, problemsOf } from "../support/project";

const image = (digit: string) => `registry.example.com/shop@sha256:${digit.repeat(64)}`;
const versions = { v1: { container: { image: image("1") } }, v2: { container: { image: image("2") } } };
const arn = "arn:aws:lambda:eu-central-1:123456789012:function:ask";

function project(release: object, files: Files = {}): Files {
  return {
    "releases/dev/environment.json": { region: "eu-central-1" },
    "lambdas/hooks/ask.ts": "export const handler = async () => {};\n",
    "releases/dev/shop.json": { strategy: "ecs-native", versions, stable: "v1", ...release },
    ...files,
  };
}

const withoutPlace = (line: string) => line.replace(/^releases\/dev\/shop\.json(:\d+:\d+)? /, "");
const lines = (release: object) => problemsOf(project(release)).map(withoutPlace);
const releaseOf = (release: object) => readReleases(filesInMemory(project(release))).releases[0];

test("a release has every default: the shift of CodeDeploy's default, and alarms on errors", () => {
  expect(releaseOf({})).toMatchObject({
    strategy: "ecs-native",
    stable: { name: "v1" },
    ecs: { port: 8080, count: 2, listener: { port: 80, testPort: 8080 } },
    deployment: { shift: { kind: "canary", percent: 10, minutes: 5 }, bakeMinutes: 5 },
    alarms: { errors: { on: ["blue", "green"] } },
    hooks: {},
  });
});

test.each([
  [{ canary: { percent: 0.1, minutes: 0 } }, { kind: "canary", percent: 0.1, minutes: 0 }],
  [{ canary: { percent: 33.3, minutes: 1440 } }, { kind: "canary", percent: 33.3, minutes: 1440 }],
  [{ linear: { percent: 3, minutes: 1 } }, { kind: "linear", percent: 3, minutes: 1 }],
  [{ linear: { percent: 100, minutes: 0 } }, { kind: "linear", percent: 100, minutes: 0 }],
  [{ allAtOnce: true }, { kind: "all at once" }],
])("%j is valid", (deployment, shift) => {
  expect(releaseOf({ deployment })).toMatchObject({ deployment: { shift, bakeMinutes: 5 } });
});

const byEcs = "ECS shifts users to a new 'stable' version, as 'deployment' configures";

test.each<[object, string[]]>([
  ...[0, 0.05, 10.25, 100.1].map((percent): [object, string[]] => [
    { deployment: { canary: { percent, minutes: 5 } } },
    [`'deployment.canary.percent' must be a number between 0.1 and 100 in steps of 0.1, got ${percent}`],
  ]),
  [
    { deployment: { linear: { percent: 2.9, minutes: 1441 } } },
    [
      "'deployment.linear.percent' must be a number between 3 and 100 in steps of 0.1, got 2.9",
      "'deployment.linear.minutes' must be a whole number between 0 and 1440 minutes, got 1441",
    ],
  ],
  [
    { deployment: { bakeMinutes: 1441 } },
    ["'deployment.bakeMinutes' must be a whole number between 0 and 1440 minutes, got 1441"],
  ],
  [
    { deployment: { canary: { percent: 5, minutes: 5 }, allAtOnce: true } },
    [`'deployment' must have one of 'canary', 'linear' and 'allAtOnce', got ["canary","allAtOnce"]`],
  ],
  [{ canary: { version: "v2" } }, [`'canary' must not be given with ecs-native: ${byEcs}`]],
  [{ rollout: { waitMinutes: 5 } }, [`'rollout' must not be given with ecs-native: ${byEcs}`]],
  [
    { hooks: { beforeTraffic: arn } },
    [
      "'hooks.beforeTraffic' must not be given with ecs-native: use 'afterAllowTestTraffic', which runs before any user traffic",
    ],
  ],
  [
    { hooks: { afterInstall: "ask", afterTraffic: "ask" } },
    [`'hooks.afterTraffic' must differ from 'afterInstall', got "ask"`],
  ],
])("%j is refused", (release, expected) => {
  expect(lines(release)).toEqual(expected);
});

test("'deployment' belongs to ecs-native", () => {
  expect(lines({ strategy: "ecs-blue-green", deployment: {} })).toEqual([
    "'deployment' must not be given with ecs-blue-green: it belongs to ecs-native",
  ]);
});

test.each([
  ["5.100.0", "20.1.0", false],
  ["6.20.0", "21.18.0", false],
  ["6.21.0", "21.19.0", true],
  ["6.25.0", "21.22.1", true],
])(
  "with AWS provider %s it is refused in one line, unless that has linear and canary",
  (version, own, isKnown) => {
    const conditions = {
      now: new Date("2026-11-28T00:00:00Z"),
      provider: { version, from: `@cdktf/provider-aws ${own}` },
    };
    const { problems } = readReleases(filesInMemory(project({})), conditions);
    const refused = `'strategy' must be a strategy that AWS provider ${version} (@cdktf/provider-aws ${own}) has, and this one needs 6.21.0: npm install @cdktf/provider-aws@21.22.1, got "ecs-native"`;
    expect(problems.map(formatProblem).map(withoutPlace)).toEqual(isKnown ? [] : [refused]);
  },
);
