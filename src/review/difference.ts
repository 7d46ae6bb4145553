import { isDeepStrictEqual } from "node:util";
import type { ReleaseFile } from "../release/defaults";
import { deployedHooks, hooksOf } from "../release/hooks";
import { ownFolder, versionField, versionsInFile } from "../release/release-context";
import { functionsOf } from "../release/service-functions";
import { modelOf } from "../release/strategies/strategies";
import { canaryPercent } from "../release/traffic";
import type { ChangedCode } from "./code";
import { moveOf } from "./move";
import { type Side, sharedFolders } from "./side";
import { isMove, type Step, type StepKind, versionText } from "./step";

/** The steps that lead from one release file to another, and to other code and another environment. */
export function stepsOf(
  base: Side | undefined,
  head: Side | undefined,
  code: ChangedCode = new Map(),
): Step[] {
  if (head === undefined) {
    return base === undefined
      ? []
      : [{ kind: "remove", text: "remove the service", shownBy: "the file is gone", field: [] }];
  }
  if (base === undefined) return [deploy(head)];
  const steps = [
    ...published(base, head),
    ...moveOf(base.file, head.file),
    ...temporary(base.file, head.file),
    ...pruned(base, head),
    ...api(base, head),
    ...sharedFolders(base, head).flatMap((folder) => ofFolder(base, head, folder, code)),
    ...concurrency(base.file, head.file),
    ...greenAlias(base.file, head.file),
    ...stage(base, head),
    ...containers(base.file, head.file),
    ...ecs(base.file, head.file),
    ...rollout(base, head, code),
    ...environment(base, head),
    ...adopt(base.file, head.file),
  ];
  return [...steps, ...others(base.file, head.file, steps)];
}

function deploy({ file }: Side): Step {
  const canary = file.canary && `, ${versionText(file.canary.version)} gets ${canaryPercent(file)} %`;
  return {
    kind: "deploy",
    text: `deploy for the first time, with ${versionText(file.stable)} as stable${canary ?? ""}`,
    shownBy: "the file is new",
    field: [],
  };
}

function published(base: Side, head: Side): Step[] {
  return head.versions
    .filter((version) => !base.versions.includes(version))
    .map((version) => ({
      kind: "publish",
      text: `${modelOf(head.file).versionKind === "lambda" ? "record" : "publish"} ${versionText(version)}`,
      shownBy: `versions with ${version}`,
      field: versionField(head.context, version),
      version,
    }));
}

function pruned(base: Side, head: Side): Step[] {
  return base.versions
    .filter((version) => !head.versions.includes(version))
    .map((version) => ({
      kind: "prune",
      text: `prune ${versionText(version)}`,
      shownBy: `versions without ${version}`,
      field: ["versions"],
      version,
    }));
}

function temporary(base: ReleaseFile, head: ReleaseFile): Step[] {
  return (["preview", "blue"] as const).flatMap((name): Step[] => {
    const [before, after] = [base[name], head[name]];
    const step = (kind: StepKind, text: string, shownBy: string): Step => ({
      kind,
      text,
      shownBy,
      field: [name],
    });
    if (after === undefined)
      return before === undefined ? [] : [step("close", `close ${name}`, `without ${name}`)];
    const looked = `${versionText(after.version)} behind ${name} from ${after.sources.join(", ")}`;
    if (before === undefined) return [step("open", `open ${looked}`, `with ${name}`)];
    const fields = changedFields(before, after).filter((field) => field !== "since");
    return fields.length === 0
      ? []
      : [step("reopen", `open ${looked}`, fields.map((field) => `${name}.${field}`).join(", "))];
  });
}

function api(base: Side, head: Side): Step[] {
  if (base.definition === head.definition) return [];
  const owners = head.versions.filter((version) => head.fingerprintOf(version) === head.definition);
  const text = `API definition of ${owners.map(versionText).join(" and ")}`;
  return [{ kind: "api", text, shownBy: `api ${base.definition} -> ${head.definition}`, field: ["api"] }];
}

/** The code and settings of functions whose folder stays. */
function ofFolder(base: Side, head: Side, folder: string, code: ChangedCode): Step[] {
  const whose = folder === ownFolder ? "the next version" : versionText(folder);
  const [before, after] = [base.settingsOf(folder), head.settingsOf(folder)];
  const kept = Object.keys(after).filter((name) => name in before);
  const field = folder === ownFolder ? ["settings"] : versionField(head.context, folder);
  const step = (kind: StepKind, text: string, shownBy: string): Step => ({
    kind,
    text,
    shownBy,
    field,
    version: folder,
  });
  const files = functionsOf(head.context, folder).flatMap(({ awsName }) => code.get(awsName) ?? []);
  const changed = [...new Set(kept.flatMap((name) => changedFields(before[name], after[name])))];
  const [come, go] = [without(after, before), without(before, after)];
  return [
    ...(files.length > 0 ? [step("code", `code of ${whose}`, [...new Set(files)].join(", "))] : []),
    ...(changed.length > 0 ? [step("settings", `settings of ${whose}`, changed.join(", "))] : []),
    ...(come.length + go.length > 0
      ? [
          step(
            "functions",
            `functions of ${whose}`,
            [...come.map((one) => `with ${one}`), ...go.map((one) => `without ${one}`)].join(", "),
          ),
        ]
      : []),
  ];
}

function without(some: object, others: object): string[] {
  return Object.keys(some).filter((name) => !(name in others));
}

function concurrency(base: ReleaseFile, head: ReleaseFile): Step[] {
  const [before, after] = [versionsInFile(base), versionsInFile(head)];
  const ofVersions = Object.keys(after).filter(
    (version) =>
      version in before && before[version]?.provisionedConcurrency !== after[version]?.provisionedConcurrency,
  );
  return ofVersions.map((version): Step => {
    const count = after[version]?.provisionedConcurrency ?? 0;
    const text = `keep ${count} executions of ${versionText(version)} ready`;
    return {
      kind: "concurrency",
      text,
      shownBy: `versions.${version}.provisionedConcurrency`,
      field: ["versions", version],
      version,
    };
  });
}

/** The alias of callers besides the API. */
function greenAlias(base: ReleaseFile, head: ReleaseFile): Step[] {
  const [before = false, after = false] = [base.greenAlias, head.greenAlias];
  if (before === after) return [];
  const [text, shown] = after ? ["have the alias green", "with"] : ["delete the alias green", "without"];
  return [{ kind: "alias", text, shownBy: `${shown} greenAlias`, field: ["greenAlias"] }];
}

/** The containers of versions that are published. */
function containers(base: ReleaseFile, head: ReleaseFile): Step[] {
  const [before, after] = [versionsInFile(base), versionsInFile(head)];
  return Object.keys(after).flatMap((version) => {
    const fields = changedFields(before[version]?.container, after[version]?.container);
    if (!(version in before) || fields.length === 0) return [];
    const text = `container of ${versionText(version)}`;
    const field = ["versions", version, "container"];
    return [{ kind: "container", text, shownBy: fields.join(", "), field, version }];
  });
}

/** The service of containers, its load balancer and network. */
function ecs(base: ReleaseFile, head: ReleaseFile): Step[] {
  const fields = changedFields(ecsIn(base), ecsIn(head));
  if (fields.length === 0) return [];
  const shownBy = fields.map((field) => `ecs.${field}`).join(", ");
  return [{ kind: "ecs", text: "service, load balancer and network", shownBy, field: ["ecs"] }];
}

function ecsIn(file: ReleaseFile) {
  return file.ecs;
}

/** What the stage is set to, also by the environment. */
function stage(base: Side, head: Side): Step[] {
  if (modelOf(head.file).versionKind === "container") return [];
  const [before, after] = [base, head].map(({ file, context }) => ({
    ...file.stage,
    throttling: file.stage.throttling ?? context.environment.throttling,
  }));
  const fields = changedFields(before, after);
  if (fields.length === 0) return [];
  return [{ kind: "stage", text: "settings of the stage", shownBy: fields.join(", "), field: ["stage"] }];
}

/** How CodeDeploy shifts, what stops a shift, and whom CodeDeploy asks. */
function rollout(base: Side, head: Side, code: ChangedCode): Step[] {
  const texts = { rollout: "how CodeDeploy shifts", alarms: "alarms", hooks: "hooks" } as const;
  const files = deployedHooks(hooksOf(head.context)).flatMap(({ awsName }) => code.get(awsName) ?? []);
  return (["rollout", "alarms", "hooks"] as const).flatMap((kind): Step[] => {
    const isChanged = !isDeepStrictEqual(base.file[kind], head.file[kind]);
    const shown = [...(isChanged ? [kind] : []), ...(kind === "hooks" ? new Set(files) : [])];
    if (shown.length === 0) return [];
    return [{ kind, text: texts[kind], shownBy: shown.join(", "), field: [kind] }];
  });
}

/** What an environment gives to the stacks of all its services, beside throttling; the rest is of other stacks. */
const environmentFields: Readonly<Record<string, StepKind>> = {
  region: "environment",
  allowedAccountIds: "environment",
  state: "environment",
  protect: "environment",
  tags: "tags",
  // Its workflows make no role without a boundary.
  github: "boundary",
};

function environment(base: Side, head: Side): Step[] {
  const [before, after] = [base, head].map(({ context }) => context.environment);
  const hasRoles = [before, after].map((one) => one?.github !== undefined);
  // Throttling is the stage's.
  const fields = changedFields(before, after).filter(
    (field) => field !== "throttling" && field !== "$schema",
  );
  return fields.map((field) => {
    const isSameBoundary = field === "github" && hasRoles[0] === hasRoles[1];
    const kind = (isSameBoundary ? undefined : environmentFields[field]) ?? "other";
    const shownBy = `${field} in releases/${head.context.environment.name}/environment.json`;
    return { kind, text: `${field} of the environment`, shownBy, field: [] };
  });
}

/** What is taken out of `adopt` again was adopted long ago. */
function adopt(base: ReleaseFile, head: ReleaseFile): Step[] {
  const fields = changedFields(base.adopt, head.adopt).filter((field) => isNamed(field, head));
  if (fields.length === 0) return [];
  return [
    {
      kind: "adopt",
      text: "adopt what is there",
      shownBy: `adopt with ${fields.join(", ")}`,
      field: ["adopt"],
    },
  ];
}

function isNamed(field: string, { adopt }: ReleaseFile): boolean {
  const value = adopt[field as keyof typeof adopt];
  return typeof value === "object" ? Object.keys(value).length > 0 : value !== undefined && value !== false;
}

/** The fields of a release file that a step tells of. */
function fieldsTold(step: Step, base: ReleaseFile, head: ReleaseFile): readonly string[] {
  if (isMove(step)) return ["stable", "canary", ...(isFormerOfMove(base, head) ? ["former"] : [])];
  switch (step.kind) {
    case "publish":
    case "concurrency":
      return ["versions"];
    case "prune":
      return ["versions", ...(base.former === step.version && head.former === undefined ? ["former"] : [])];
    case "code":
      return [];
    case "settings":
    case "functions":
      return ["settings", "functions", "image", "versions"];
    default:
      return step.field.slice(0, 1).map(String);
  }
}

/** Another stable version leaves the one before as the former, or none where users go back. */
function isFormerOfMove(base: ReleaseFile, head: ReleaseFile): boolean {
  return base.stable !== head.stable && [base.stable, undefined].includes(head.former);
}

/** Fields that no step tells of, so that no difference of the files goes untold. */
function others(base: ReleaseFile, head: ReleaseFile, steps: readonly Step[]): Step[] {
  const told = new Set(["$schema", ...steps.flatMap((step) => fieldsTold(step, base, head))]);
  const { versions: before, ...baseFields } = base;
  const { versions: after, ...headFields } = head;
  const fields = changedFields(
    {
      ...baseFields,
      ecs: ecsIn(base),
      versions: versionsInFile({ versions: before }),
    },
    {
      ...headFields,
      ecs: ecsIn(head),
      versions: versionsInFile({ versions: after }),
    },
  );
  return fields
    .filter((field) => !told.has(field))
    .map((field) => ({ kind: "other", text: `other ${field}`, shownBy: field, field: [field] }));
}

function changedFields(before: object = {}, after: object = {}): string[] {
  const [old, now] = [before as Record<string, unknown>, after as Record<string, unknown>];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return names.filter((name) => !isDeepStrictEqual(old[name], now[name]));
}
