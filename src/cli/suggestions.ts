import { byText } from "../release/environment/train";
import type { Release } from "../release/release";
import { bakeTimeOf } from "../release/steps/bake-time";
import { type LiveShare, notAsked } from "../release/steps/live-share";
import { type Standing, standingOf } from "../release/steps/standing";
import { firstPercent, followingStep, needsVerdict } from "../release/steps/steps";
import { modelOf } from "../release/strategies/strategies";
import { canaryPercent } from "../release/traffic";
import { onTrial } from "../release/verbs/transitions";

/** A verb that the release allows as it stands. */
export interface Suggestion {
  /** `shift dev/greeting 25` */
  readonly command: string;
  readonly effect: string;
}

/**
 * What can be done next, the most likely first.
 *
 * @param live what AWS says of the share on trial. @default - it was not asked, and bake times count by the file
 */
export function suggestions(release: Release, now: Date, live = notAsked()): Suggestion[] {
  const name = `${release.environment.name}/${release.service}`;
  const isTrying = onTrial(standingOf(release)) !== undefined;
  const all = isTrying ? withTrial(release, name, now, live) : withoutTrial(release, name);
  const unnamed = unpointed(release);
  if (unnamed.length > 0) all.push({ command: `prune ${name}`, effect: `takes ${unnamed.join(", ")} away` });
  return all;
}

/**
 * What can be done next with several services at once: the verbs that all of them allow, and what each does.
 *
 * @param given what names the services on a command line
 */
export function commonSuggestions(releases: readonly Release[], given: string, now: Date): Suggestion[] {
  const each = releases.map((release) => {
    const name = `${release.environment.name}/${release.service}`;
    const all = suggestions(release, now).map((one) => [one.command, one.effect] as const);
    return { name, service: release.service, effects: new Map(all) };
  });
  return ["next", "promote", "rollback"].flatMap((verb) => {
    const said = each.flatMap(({ name, service, effects }) => {
      const text = effects.get(`${verb} ${name}`);
      return text === undefined ? [] : [{ service, text }];
    });
    if (said.length < each.length) return [];
    const effects = [...byText(said)].map(([text, services]) => `${services.join(", ")}: ${text}`);
    return [{ command: `${verb} ${given}`, effect: effects.join("; ") }];
  });
}

function withTrial(release: Release, name: string, now: Date, live: LiveShare): Suggestion[] {
  const standing = standingOf(release);
  const { canary, blue, stable } = standing;
  const trial = canary?.version ?? blue?.version ?? "";
  const rollback = { command: `rollback ${name}`, effect: `drops ${trial}: ${stable} serves everybody` };
  const promote = { command: `promote ${name}`, effect: `${trial} serves everybody` };
  if (canary === undefined) return [promote, rollback];
  if (canary.hold !== undefined)
    return [{ command: `release ${name}`, effect: `lets ${trial} go on: it is held` }, rollback];
  if (modelOf(release).movedBy === "codedeploy") {
    const rollout = { command: `rollout ${name}`, effect: `has CodeDeploy shift to ${trial}` };
    return [rollout, promote, rollback];
  }
  const following = followingStep(standing);
  if (following === undefined)
    return [
      {
        command: `shift ${name} <percent>`,
        effect: `gives ${trial} another share than ${canaryPercent(standing)} %`,
      },
      promote,
      rollback,
    ];
  const effect = following === "promote" ? promote.effect : `gives ${trial} ${following} %`;
  const once = needsVerdict(standing) ? `, once ${trial} is as good as ${stable}` : "";
  const next = { command: `next ${name}`, effect: `${effect}${waiting(standing, now, live)}${once}` };
  if (once === "") return [next, rollback];
  return [next, { command: `verdict ${name}`, effect: `compares ${trial} with ${stable}` }, rollback];
}

function waiting(standing: Standing, now: Date, live: LiveShare): string {
  const baking = bakeTimeOf(standing, live);
  if (baking?.is === "not live") return `, once ${baking.percent} % is live`;
  if (baking?.is !== "counted" || baking.until <= now) return "";
  const { until, by } = baking;
  const time = until.toISOString();
  const day = time.slice(0, 10) === now.toISOString().slice(0, 10) ? "" : `${time.slice(0, 10)} `;
  // Rounded up, so that the minute that is told is not too early.
  const minute = new Date(until.getTime() + 59_999).toISOString().slice(11, 16);
  return `, from ${day}${minute} UTC on (by ${by === "AWS" ? by : "the file"})`;
}

function withoutTrial(release: Release, name: string): Suggestion[] {
  const { former } = standingOf(release);
  const { versionKind, movedBy } = modelOf(release);
  const forward = [...unpublishedSuggestions(release, name), ...startSuggestions(release, name)];
  if (forward.length === 0)
    forward.push({
      command: `publish ${name} <version>${versionKind === "container" ? " --image <uri>" : ""}`,
      effect: "makes the next version, at 0 %",
    });
  if (former === undefined) return forward;
  const back =
    movedBy === "codedeploy"
      ? { command: `start ${name} ${former}`, effect: `goes back to ${former} by CodeDeploy` }
      : {
          command: `rollback ${name}`,
          effect: `${former} serves everybody again${movedBy === "ecs" ? ", by ECS" : ""}`,
        };
  return [...forward, back];
}

function unpublishedSuggestions(release: Release, name: string): Suggestion[] {
  const unpublished = "unpublished" in release ? release.unpublished : [];
  return unpublished.map((version) => ({
    command: `publish ${name} ${version}`,
    effect: `makes ${version}, at 0 %`,
  }));
}

/** Versions that were published after stable. */
function startSuggestions(release: Release, name: string): Suggestion[] {
  const { stable, former } = standingOf(release);
  const published = release.versions.map((version) => version.name);
  const source = modelOf(release).trial === "blue" ? " --source <range>" : "";
  return published
    .slice(published.indexOf(stable) + 1)
    .filter((version) => version !== former)
    .map((version) => ({
      command: `start ${name} ${version}${source}`,
      effect:
        modelOf(release).movedBy === "ecs"
          ? `has ECS shift users to ${version}`
          : `tries ${version} ${firstShare(release)}`,
    }));
}

function firstShare(release: Release): string {
  const { trial, movedBy } = modelOf(release);
  if (trial === "blue") return "behind blue";
  return movedBy === "codedeploy" ? "by CodeDeploy" : `at ${firstPercent(standingOf(release))} %`;
}

/** Versions that neither a pointer nor a rollback would need, once a later one is stable. */
function unpointed(release: Release): string[] {
  const { stable, former, canary, blue, preview } = standingOf(release);
  const published = release.versions.map(({ name }) => name);
  const pointed = [stable, former, canary?.version, blue?.version, preview?.version];
  const last = published.indexOf(stable);
  return published.filter((version, index) => index < last && !pointed.includes(version));
}
