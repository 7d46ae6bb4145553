import { isDeepStrictEqual } from "node:util";
import { type DomainAddress, domainAddress } from "../release/environment/domain";
import { trainWith } from "../release/environment/train";
import type { FunctionSettings } from "../release/functions/function-settings";
import { deployedHooks } from "../release/functions/hooks";
import { roleFields } from "../release/functions/permission";
import type { ContainerSettings } from "../release/shifts/ecs";
import type { Standing } from "../release/steps/standing";
import { modelOf } from "../release/strategies/strategies";
import { canaryPercent } from "../release/traffic";
import { changedFields } from "./changed-fields";
import type { ChangedCode } from "./code";
import { guardSteps } from "./guard-steps";
import { holdSteps, withoutHold } from "./hold-steps";
import { moveOf, type Pointers } from "./move";
import { type Side, sharedFolders } from "./side";
import { isMove, type Step, type StepKind, versionText } from "./step";
import { temporaryStages } from "./temporary-stages";
import { verdictSteps } from "./verdict-steps";

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
  const moved = moveOf(pointersOf(base), pointersOf(head));
  const steps = [
    ...published(base, head),
    ...moved,
    ...holdSteps(base.standing, head.standing),
    ...temporaryStages(base, head),
    ...pruned(base, head),
    ...api(base, head),
    ...sharedFolders(base, head).flatMap((folder) => ofFolder(base, head, folder, code)),
    ...concurrency(base, head),
    ...sharedFolders(base, head).flatMap((folder) => reserved(base, head, folder)),
    ...greenAlias(base, head),
    ...stage(base, head),
    ...address(base, head),
    ...containers(base, head),
    ...ecs(base, head),
    ...rollout(base, head, code),
    ...guardSteps(base, head, { isMoved: moved.length > 0, code }),
    ...verdictSteps(base, head),
    ...triggers(base, head),
    ...environment(base, head),
    ...adopt(base, head),
  ];
  return [...steps, ...others(base, head, steps)];
}

function pointersOf({ release, standing, versions }: Side): Pointers {
  return { strategy: release.strategy, ...standing, versions };
}

function deploy({ standing }: Side): Step {
  const { stable, canary } = standing;
  const trial = canary && `, ${versionText(canary.version)} gets ${canaryPercent(standing)} %`;
  return {
    kind: "deploy",
    text: `deploy for the first time, with ${versionText(stable)} as stable${trial ?? ""}`,
    shownBy: "the file is new",
    field: [],
  };
}

function published(base: Side, head: Side): Step[] {
  return head.versions
    .filter((version) => !base.versions.includes(version))
    .map((version) => ({
      kind: "publish",
      text: `${modelOf(head.release).versionKind === "lambda" ? "record" : "publish"} ${versionText(version)}`,
      shownBy: `versions with ${version}`,
      field: head.fieldOf(version),
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

function api(base: Side, head: Side): Step[] {
  if (base.definition === head.definition) return [];
  if (head.definition === undefined)
    return [{ kind: "remove API", text: "remove the API", shownBy: "api false", field: ["api"] }];
  if (base.definition === undefined)
    return [{ kind: "add API", text: "add an API", shownBy: "without api false", field: ["api"] }];
  const owners = head.versions.filter((version) => head.fingerprintOf(version) === head.definition);
  const text = `API definition of ${owners.map(versionText).join(" and ")}`;
  return [{ kind: "api", text, shownBy: `api ${base.definition} -> ${head.definition}`, field: ["api"] }];
}

/** The code and settings of functions whose folder stays. */
function ofFolder(base: Side, head: Side, folder: string, code: ChangedCode): Step[] {
  const isNext = modelOf(head.release).versionKind === "lambda";
  const whose = isNext ? "the next version" : versionText(folder);
  const [before, after] = [base.settingsOf(folder), head.settingsOf(folder)];
  const kept = Object.keys(after).filter((name) => name in before);
  const field = isNext ? ["settings"] : head.fieldOf(folder);
  const step = (kind: StepKind, text: string, shownBy: string): Step => ({
    kind,
    text,
    shownBy,
    field,
    version: folder,
  });
  const files = (head.functions.get(folder) ?? []).flatMap(({ awsName }) => code.get(awsName) ?? []);
  const changed = [...new Set(kept.flatMap((name) => changedFields(before[name], after[name])))].filter(
    (name) => name !== ofFunction,
  );
  const ofRole = isNext ? sharedByVersions(changed) : [];
  const ofVersion = changed.filter((field) => !ofRole.includes(field) || isVariable(field));
  const [come, go] = [without(after, before), without(before, after)];
  return [
    ...(files.length > 0 ? [step("code", `code of ${whose}`, [...new Set(files)].join(", "))] : []),
    ...(ofVersion.length > 0 ? [step("settings", `settings of ${whose}`, ofVersion.join(", "))] : []),
    ...(ofRole.length > 0 ? [step("permissions", "permissions of all versions", ofRole.join(", "))] : []),
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

/** What all versions have at once where Lambda keeps them: they have one role. Another role is the next version's alone. */
function sharedByVersions(changed: readonly string[]): string[] {
  return changed.includes("roleArn")
    ? []
    : changed.filter((field) => roleFields.some((one) => one === field));
}

/** A parameter or a secret is also an environment variable, which a version keeps. */
function isVariable(field: string): boolean {
  return field === "parameters" || field === "secrets";
}

/** A setting that applies to a function at once, also where Lambda keeps the versions. */
const ofFunction = "reservedConcurrency" satisfies keyof FunctionSettings;

function reserved(base: Side, head: Side, folder: string): Step[] {
  const before = new Map((base.functions.get(folder) ?? []).map((one) => [one.awsName, one.settings]));
  const changed = (head.functions.get(folder) ?? []).filter(
    ({ awsName, settings }) =>
      before.has(awsName) && before.get(awsName)?.[ofFunction] !== settings[ofFunction],
  );
  return changed.map(({ awsName, settings: { reservedConcurrency: most } }) => ({
    kind: "reserve",
    text: most === undefined ? `reserve nothing for ${awsName}` : `reserve ${most} executions for ${awsName}`,
    shownBy: ofFunction,
    field: modelOf(head.release).versionKind === "lambda" ? ["settings", ofFunction] : head.fieldOf(folder),
    version: folder,
  }));
}

function without(some: object, others: object): string[] {
  return Object.keys(some).filter((name) => !(name in others));
}

function concurrency(base: Side, head: Side): Step[] {
  const [before, after] = [readyExecutions(base), readyExecutions(head)];
  const ofVersions = [...after.keys()].filter(
    (version) => before.has(version) && before.get(version) !== after.get(version),
  );
  return ofVersions.map((version): Step => {
    const text = `keep ${after.get(version)} executions of ${versionText(version)} ready`;
    return {
      kind: "concurrency",
      text,
      shownBy: `versions.${version}.provisionedConcurrency`,
      field: ["versions", version],
      version,
    };
  });
}

/** How many executions Lambda keeps ready for each version. */
function readyExecutions({ release }: Side): ReadonlyMap<string, number> {
  const versions = release.versionKind === "lambda" ? release.versions : [];
  return new Map(versions.map(({ name, provisionedConcurrency = 0 }) => [name, provisionedConcurrency]));
}

/** The alias of callers besides the API. */
function greenAlias(base: Side, head: Side): Step[] {
  const [before, after] = [base, head].map(({ release }) => "greenAlias" in release && release.greenAlias);
  if (before === after) return [];
  const [text, shown] = after ? ["have the alias green", "with"] : ["delete the alias green", "without"];
  return [{ kind: "alias", text, shownBy: `${shown} greenAlias`, field: ["greenAlias"] }];
}

/** The containers of versions that are published. */
function containers(base: Side, head: Side): Step[] {
  const [before, after] = [containersOf(base), containersOf(head)];
  return [...after.keys()].flatMap((version) => {
    const fields = changedFields(before.get(version), after.get(version));
    if (!before.has(version) || fields.length === 0) return [];
    const text = `container of ${versionText(version)}`;
    const field = ["versions", version, "container"];
    return [{ kind: "container", text, shownBy: fields.join(", "), field, version }];
  });
}

function containersOf({ release }: Side): ReadonlyMap<string, ContainerSettings> {
  const versions = release.versionKind === "container" ? release.versions : [];
  return new Map(versions.map(({ name, container }) => [name, container]));
}

/** The service of containers, its load balancer and network. */
function ecs(base: Side, head: Side): Step[] {
  const [before, after] = [base, head].map(({ release }) => ("ecs" in release ? release.ecs : undefined));
  const fields = changedFields(before, after);
  if (fields.length === 0) return [];
  const shownBy = fields.map((field) => `ecs.${field}`).join(", ");
  return [{ kind: "ecs", text: "service, load balancer and network", shownBy, field: ["ecs"] }];
}

/** What the stage is set to, also by the environment. */
function stage(base: Side, head: Side): Step[] {
  const [before, after] = [base, head].map(({ release }) => ("stage" in release ? release.stage : undefined));
  // It comes and goes with the API.
  if (before === undefined || after === undefined) return [];
  const fields = changedFields(before, after).filter((field) => field !== "basePath");
  if (fields.length === 0) return [];
  return [{ kind: "stage", text: "settings of the stage", shownBy: fields.join(", "), field: ["stage"] }];
}

/** Where the environment's domain leads to the stage. */
function address(base: Side, head: Side): Step[] {
  const [before, after] = [addressOf(base), addressOf(head)];
  if (before?.url === after?.url) return [];
  const text = after === undefined ? `no address on ${before?.domainName}` : `address ${after.url}`;
  const isPath = basePathOf(base) !== basePathOf(head);
  const shownBy = isPath ? "stage.basePath" : "domain of the environment";
  return [{ kind: "address", text, shownBy, field: ["stage", "basePath"] }];
}

function basePathOf({ release }: Side): string | undefined {
  return "stage" in release ? release.stage?.basePath : undefined;
}

/** @returns nothing where no domain leads to the service */
export function addressOf(side: Side): DomainAddress | undefined {
  return domainAddress(side.release.environment, basePathOf(side));
}

/** How CodeDeploy or ECS shifts, what stops a shift, and whom it asks. */
function rollout(base: Side, head: Side, code: ChangedCode): Step[] {
  const texts = {
    rollout: "how CodeDeploy shifts",
    deployment: "how ECS shifts",
    alarms: "alarms",
    dashboard: "dashboard",
    hooks: "hooks",
  } as const;
  const hooks = "hooks" in head.release ? deployedHooks(head.release.hooks) : [];
  const files = hooks.flatMap(({ awsName }) => code.get(awsName) ?? []);
  return (["rollout", "deployment", "alarms", "dashboard", "hooks"] as const).flatMap((kind): Step[] => {
    const isChanged = !isDeepStrictEqual(base.fields[kind], head.fields[kind]);
    const shown = [...(isChanged ? [kind] : []), ...(kind === "hooks" ? new Set(files) : [])];
    if (shown.length === 0) return [];
    const isOfEnvironment =
      kind === "dashboard" && base.release.environment.dashboard !== head.release.environment.dashboard;
    const shownBy = isOfEnvironment ? ofEnvironment(head, kind) : shown.join(", ");
    return [{ kind: kind === "deployment" ? "rollout" : kind, text: texts[kind], shownBy, field: [kind] }];
  });
}

/** What invokes the function besides the API. */
function triggers({ fields: base }: Side, { fields: head }: Side): Step[] {
  const names = changedFields(base.triggers, head.triggers);
  if (names.length === 0) return [];
  const shownBy = names.map((name) => `triggers.${name}`).join(", ");
  return [{ kind: "triggers", text: "triggers of the function", shownBy, field: ["triggers"] }];
}

/** What an environment gives to the stacks of all its services, beside throttling; the rest is of other stacks. */
const environmentFields: Readonly<Record<string, StepKind>> = {
  region: "environment",
  allowedAccountIds: "environment",
  state: "environment",
  protect: "environment",
  tags: "tags",
  api: "api",
  // Its workflows make no role without a boundary.
  github: "boundary",
};

function environment(base: Side, head: Side): Step[] {
  const [before, after] = [base, head].map(({ release }) => release.environment);
  const hasRoles = [before, after].map((one) => one?.github !== undefined);
  // Throttling is told of the stage; the guard, the verdict and the dashboard of the service.
  const fields = changedFields(before, after).filter(
    (field) => !["throttling", "guard", "dashboard", "verdict", "trains", "$schema"].includes(field),
  );
  const ofFields = fields.map((field): Step => {
    const isSameBoundary = field === "github" && hasRoles[0] === hasRoles[1];
    const kind = (isSameBoundary ? undefined : environmentFields[field]) ?? "other";
    return { kind, text: `${field} of the environment`, shownBy: ofEnvironment(head, field), field: [] };
  });
  const isOtherTrain = !isDeepStrictEqual(...([base, head].map(trainOf) as [unknown, unknown]));
  if (!isOtherTrain) return ofFields;
  return [
    ...ofFields,
    { kind: "other", text: "train of the service", shownBy: ofEnvironment(head, "trains"), field: [] },
  ];
}

/** The services that are released with this one. */
function trainOf({ release }: Side) {
  const { trains } = release.environment;
  const name = trainWith(trains, release.service);
  return name === undefined ? undefined : { name, ...trains[name] };
}

function ofEnvironment({ release }: Side, field: string): string {
  return `${field} in releases/${release.environment.name}/environment.json`;
}

/** What is taken out of `adopt` again was adopted long ago. */
function adopt({ fields: base }: Side, { fields: head }: Side): Step[] {
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

function isNamed(field: string, { adopt }: Side["fields"]): boolean {
  const value = adopt[field as keyof typeof adopt];
  return typeof value === "object" ? Object.keys(value).length > 0 : value !== undefined && value !== false;
}

/** The fields of a release file that a step tells of. */
function fieldsTold(step: Step, base: Standing, head: Standing): readonly string[] {
  if (isMove(step)) {
    const ofStable = base.stable === head.stable ? [] : ["stableSince"];
    return ["stable", "canary", ...ofStable, ...(isFormerOfMove(base, head) ? ["former"] : [])];
  }
  switch (step.kind) {
    case "publish":
    case "concurrency":
      return ["versions"];
    case "prune":
      return ["versions", ...(base.former === step.version && head.former === undefined ? ["former"] : [])];
    case "add API":
    case "remove API":
      return ["api", "stage", "requests"];
    case "code":
    case "hold":
      return [];
    case "settings":
    case "permissions":
    case "reserve":
    case "functions":
      return ["settings", "functions", "image", "versions"];
    default:
      return step.field.slice(0, 1).map(String);
  }
}

/** Another stable version leaves the one before as the former, or none where users go back. */
function isFormerOfMove(base: Standing, head: Standing): boolean {
  return base.stable !== head.stable && [base.stable, undefined].includes(head.former);
}

/** Fields that no step tells of, so that no difference of the files goes untold. */
function others(base: Side, head: Side, steps: readonly Step[]): Step[] {
  const told = new Set(steps.flatMap((step) => fieldsTold(step, base.standing, head.standing)));
  return changedFields(withoutHold(base.fields), withoutHold(head.fields))
    .filter((field) => !told.has(field))
    .map((field) => ({ kind: "other", text: `other ${field}`, shownBy: field, field: [field] }));
}
