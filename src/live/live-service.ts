import type { Release } from "../release/release";
import type { EcsBlueGreenRelease } from "../release/strategies/ecs-blue-green";
import { missingAlarms, toldAlarms } from "./alarms";
import { CallTime, type TimeLimits } from "./call-time";
import { type Account, placeOf, signIn } from "./clients";
import { nothingCompared } from "./comparison";
import { Deployments } from "./deployments";
import { differentFromRollout } from "./differences";
import { leftText } from "./left-tasks";
import type { LiveStatus } from "./live-release";
import { Missing } from "./live-state";
import { Ecs, type LiveService } from "./live-tasks";
import { type LiveTraffic, trafficOf } from "./live-traffic";
import { shiftOfTasks } from "./service-rollout";
import type { Sight } from "./sight";

type Split = Pick<LiveTraffic, "stable" | "canary">;

/** Who serves in AWS, and whether the file says so too. */
export async function liveStatus(release: Release, limits?: TimeLimits): Promise<LiveStatus> {
  if (release.strategy !== "ecs-blue-green")
    throw new Error(`${release.strategy} has no service of containers`);
  const account = await signIn(release.environment, new CallTime(limits));
  const place = placeOf(account);
  const ecs = new Ecs(account, release);
  const deployments = new Deployments(account, release.name, shiftOfTasks);
  try {
    const { traffic, differences } = await statusOf(account, release, await ecs.service(), deployments);
    const told = await toldAlarms(account, release);
    return {
      ...nothingCompared,
      place,
      traffic,
      ...told,
      differences: [...differences, ...missingAlarms(told)],
    };
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    return { ...nothingCompared, place, alarms: [], differences: [error.message] };
  } finally {
    ecs.close();
    deployments.close();
  }
}

async function statusOf(
  { region }: Account,
  release: EcsBlueGreenRelease,
  live: LiveService,
  deployments: Deployments,
): Promise<Pick<LiveStatus, "traffic" | "differences">> {
  const { primary, others } = live;
  const running = others.length === 0 ? undefined : await deployments.running();
  if (running === undefined && others.length > 0)
    return {
      differences: [leftText({ region, name: release.name, group: await deployments.group() }, live)],
    };
  const sight = running === undefined ? undefined : await deployments.look(running);
  const traffic = trafficOf(
    release,
    sight === undefined ? { stable: primary.version } : splitOf(live, sight),
  );
  return { traffic, differences: differentFromRollout(release, traffic) };
}

/** Only CodeDeploy tells which share the tasks that it has made have; before they have one, they have none. */
function splitOf({ primary, others }: LiveService, { id, rollsBack, target }: Sight): Split {
  const all = [primary, ...others];
  const made = all.find(({ deployment }) => deployment === (rollsBack ?? id));
  const before = all.find((tasks) => tasks !== made) ?? primary;
  if (made === undefined || target === undefined) return { stable: primary.version };
  const percent = rollsBack === undefined ? target.percent : 100 - target.percent;
  return { stable: before.version, canary: { version: made.version, percent } };
}
