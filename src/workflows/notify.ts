import { signIn } from "../live/clients";
import { type Report, tellTopics } from "../live/topics";
import { filesOnDisk } from "../release/files/project-files";
import type { Release } from "../release/release";
import { shiftText } from "../release/shifts/deployment";
import type { Split } from "../release/split";
import { readPlan } from "../review/plan";
import { pointersOf, splitSaid, splitText, valuesOf } from "../review/pointer";
import { readSide, type Side } from "../review/side";
import { versionText } from "../review/step";
import type { GitHub } from "./github";
import { pullRequestOf } from "./reviewed";
import type { PlannedStack } from "./terraform";

/** What was applied for a stack. */
export interface Applied {
  /** @default - it is not a service's */
  readonly release?: Release;
  readonly plan: Pick<PlannedStack, "file">;
}

export interface NotifyOptions {
  /** The commit that is deployed. @default - it is not known */
  readonly commit?: string;
  /** Where its pull request is looked up. @default - it is not */
  readonly github?: () => GitHub;
  /** The command that comes next, such as `next dev/shop`. @default - none is told */
  readonly next?: (release: Release) => string | undefined;
}

/** Who served a service's users before a plan, and who serves them after it. */
interface Moved {
  readonly side: Side;
  readonly from: Split;
  readonly to: Split;
}

/**
 * Tells the topics of the environment what a deploy has done to users: a start, another share, a promotion, a stop or
 * a rollback, a message for each service. What was live before the deploy is no news: the guard tells its own stops.
 *
 * @returns why something was not told, a line each: the users are moved by then, so this fails nothing
 */
export async function notify(
  project: string,
  applied: readonly Applied[],
  options: NotifyOptions,
): Promise<string[]> {
  const services = applied.flatMap(({ release, plan }) =>
    release?.environment.notifications === undefined ? [] : [{ release, plan }],
  );
  const lines: string[] = [];
  let pullRequest: Promise<string | undefined> | undefined;
  for (const { release, plan } of services) {
    try {
      const moved = movedBy(project, release, plan.file);
      if (moved === undefined) continue;
      pullRequest ??= linkOf(options);
      const report = reportOf(moved, { ...options, pullRequest: await pullRequest });
      const account = await signIn(release.environment);
      lines.push(...(await tellTopics(account, release.environment.notifications?.topics ?? [], report)));
    } catch (error) {
      lines.push(`${nameOf(release)}: no topic was notified: ${(error as Error).message}`);
    }
  }
  return lines;
}

/** Users that are where they were, such as after a stop by the guard that the file takes in, are moved by nothing. */
function movedBy(project: string, release: Release, planFile: string): Moved | undefined {
  const { side } = readSide(filesOnDisk(project), release.environment.name, release.service);
  if (side === undefined) return undefined;
  const pointers = pointersOf(readPlan(planFile), side);
  const [before, after] = [valuesOf(pointers, "before"), valuesOf(pointers, "after")];
  if (before.length === 0 || after.length === 0) return undefined;
  const [from, to] = [splitSaid(before, side), splitSaid(after, side)];
  return splitText(from) === splitText(to) ? undefined : { side, from, to };
}

/** A link is a help: what keeps it from being found fails nothing. */
async function linkOf({ github, commit }: NotifyOptions): Promise<string | undefined> {
  if (github === undefined || commit === undefined) return undefined;
  try {
    return (await pullRequestOf(github(), commit))?.html_url;
  } catch {
    return undefined;
  }
}

function reportOf(
  moved: Moved,
  { commit, pullRequest, next }: NotifyOptions & { readonly pullRequest: string | undefined },
): Report {
  const { side, from, to } = moved;
  const { release } = side;
  const what = whatMoved(moved);
  const command = next?.(release);
  return {
    title: `${nameOf(release)}: ${what.text}`,
    thread: `${nameOf(release)} ${what.version}`,
    lines: [
      `Service: ${release.service}`,
      `Environment: ${release.environment.name}`,
      `From: ${splitText(from)}`,
      `To: ${splitText(to)}`,
      ...(release.strategy === "ecs-native"
        ? [`ECS shifts them now: ${shiftText(release.deployment.shift)}`]
        : []),
      ...(commit === undefined ? [] : [`Commit: ${commit}`]),
      ...(pullRequest === undefined ? [] : [`Pull request: ${pullRequest}`]),
      ...(command === undefined ? [] : [`Next: npx lambda-release ${command}`]),
    ],
  };
}

/** What became of users in a few words, and the version on trial that it is about. */
function whatMoved({ side, from, to }: Moved): { readonly text: string; readonly version: string } {
  const [before, after] = [from, to].map(onTrial);
  if (from.stable !== to.stable) {
    const [former, stable] = [from.stable, to.stable];
    const isPromotion = side.standing.former === former;
    return isPromotion
      ? { text: `${versionText(stable)} is promoted`, version: stable }
      : { text: `rolled back from ${versionText(former)} to ${versionText(stable)}`, version: former };
  }
  if (after === undefined) {
    const version = before?.version ?? to.stable;
    return {
      text: `${versionText(version)} is stopped, ${versionText(to.stable)} serves everybody`,
      version,
    };
  }
  const { version, percent } = after;
  return before?.version === version
    ? { text: `${versionText(version)} from ${before.percent} to ${percent} %`, version }
    : { text: `${versionText(version)} is started at ${percent} %`, version };
}

/** A version on trial without a share serves nobody. */
function onTrial({ canary }: Split): Split["canary"] {
  return canary === undefined || canary.percent === 0 ? undefined : canary;
}

function nameOf({ environment, service }: Release): string {
  return `${environment.name}/${service}`;
}
