import { changeOf } from "../../src/release/files/change";
import { readService } from "../../src/release/files/file";
import type { ReleaseContext } from "../../src/release/release-context";
import type { rollback } from "../../src/release/verbs/transitions";
import { filesInMemory } from "../support/files-in-memory";
import { type Files, handler } from "../support/project";
import { shop } from "../support/shop";

export const now = new Date("2026-11-21T10:00:00Z");
export const since = "2026-11-21T10:00:00Z";
export const [halfAnHourAgo, longAgo] = ["2026-11-21T09:30:00Z", "2026-11-20T09:30:00Z"];
export const steps = [
  { percent: 10, bakeMinutes: 60 },
  { percent: 50, bakeMinutes: 30 },
];

/** A shop with three versions, of the strategy that is asked for. */
export function project(release: object, files: Files = {}): Files {
  return shop(
    { versions: ["v1", "v2", "v3"], ...release },
    { "lambdas/shop/v3/shop.ts": handler("v3"), ...files },
  );
}

export function numbered(release: object): Files {
  return {
    ...shop({}),
    "lambdas/shop/shop.ts": handler("new"),
    "releases/dev/shop.json": { strategy: "weighted-alias", versions: [1, 2, 3], stable: 1, ...release },
  };
}

export const blueGreen = (release: object) => numbered({ strategy: "blue-green-stage", ...release });
export const codedeploy = (release: object) => numbered({ strategy: "codedeploy-alias", ...release });

export const image = (digit: string) => `registry.example.com/shop@sha256:${digit.repeat(64)}`;
export const containersWith = (release: object) => ({
  versions: {
    v1: { container: { image: image("1") } },
    v2: { container: { image: image("2"), cpu: 512, memoryMb: 1024 } },
  },
  stable: "v1",
  ...release,
});
export const containers = (release: object) =>
  shop({}, { "releases/dev/shop.json": { strategy: "ecs-blue-green", ...containersWith(release) } });

export const native = (release: object) =>
  shop({}, { "releases/dev/shop.json": { strategy: "ecs-native", ...containersWith(release) } });

export type Verb = (state: ReleaseContext) => ReturnType<typeof rollback>;

/** The fields that a verb leaves in a file. */
export function after(files: Files, verb: Verb): Record<string, unknown> {
  const memory = filesInMemory(files);
  const { context } = readService(memory, "dev", "shop");
  if (context === undefined) throw new Error("not readable");
  const path = "releases/dev/shop.json";
  const read = { files: memory, project: "", path, text: memory.read(path) ?? "", context, name: "dev/shop" };
  const { strategy, ...rest } = JSON.parse(changeOf(read, verb(context)).text);
  return rest;
}

export const canary = (version: string | number, percent: number, at?: string) => ({
  canary: { version, percent, ...(at === undefined ? {} : { since: at }) },
});
