import { formatProblem } from "../../src/release/problem";
import type { LiveShare } from "../../src/release/steps/live-share";
import type { Change } from "../../src/review/change";
import type { ChangedCode } from "../../src/review/code";
import { stepsOf } from "../../src/review/difference";
import type { Finding } from "../../src/review/finding";
import { partOf } from "../../src/review/part";
import type { Plan, PlannedResource } from "../../src/review/plan";
import { readSide, type Side } from "../../src/review/side";
import { filesInMemory } from "../support/files-in-memory";
import { type Files, handler, shop } from "../support/project";

export interface Beside {
  readonly plan?: Plan;
  readonly code?: ChangedCode;
  readonly pastVersions?: readonly string[];
  readonly now?: Date;
  /** What AWS tells of the base's canary. @default - AWS was not asked */
  readonly live?: LiveShare;
  /** Files that only the head has. */
  readonly files?: Files;
  /** The same of the base. */
  readonly baseFiles?: Files;
}

/** The change of the service `shop` from one release file to another; none where it is not there. */
export function between(base: object | undefined, head: object | undefined, beside: Beside = {}): Change {
  const { plan, code, pastVersions = [], now = new Date("2026-11-21T12:00:00Z"), live } = beside;
  const sides = { base: baseOf(base, beside.baseFiles), head: sideOf(head, beside.files) };
  return {
    ...sides,
    stack: "shop-dev",
    ref: "main",
    steps: stepsOf(sides.base, sides.head, code),
    plan,
    pastVersions,
    now,
    provider: { version: "5.100.0", from: "@cdktf/provider-aws 20.1.0" },
    live,
  };
}

const bases = new Map<string, Side | undefined>();

/** The side of a base, which is read once: many heads are held against the same one. */
function baseOf(release: object | undefined, files?: Files): Side | undefined {
  const key = JSON.stringify([release, files]);
  const side = bases.has(key) ? bases.get(key) : sideOf(release, files);
  bases.set(key, side);
  return side;
}

/** `canary-stage` unless the release says another strategy, with three versions that there is code of. */
function sideOf(release: object | undefined, files: Files = {}): Side | undefined {
  if (release === undefined) return undefined;
  const code = { "lambdas/shop/v3/shop.ts": handler("v3"), "lambdas/shop/shop.ts": handler("own"), ...files };
  const { side, problems } = readSide(filesInMemory(shop(release, code)), "dev", "shop");
  if (problems.length > 0) throw new Error(problems.map(formatProblem).join("\n"));
  return side;
}

/** A plan that consists of these resources. */
export function planOf(...resources: readonly PlannedResource[]): Plan {
  return { source: "plan.json", stack: "shop-dev", resources, drifted: [] };
}

/** A resource of a plan that changes in place. */
export function resource(address: string, fields: Partial<PlannedResource> = {}): PlannedResource {
  return {
    address,
    type: address.split(".")[0] ?? "",
    part: partOf(address),
    action: "update",
    isImported: false,
    changed: [],
    replacedFor: [],
    ...fields,
  };
}

/** Arguments of a resource that change. */
export const changed = (...names: string[]) => names.map((name) => ({ name, isUnknown: false }));

export const lines = (findings: readonly Finding[]) =>
  findings.map(({ place, message }) => `${place} ${message}`);
