import type { EcsNativeRelease } from "../release/strategies/ecs-native";
import { missingAlarms, toldAlarms } from "./alarms";
import { CallTime, type TimeLimits } from "./call-time";
import { type Account, placeOf, signIn } from "./clients";
import { nothingCompared } from "./comparison";
import type { LiveStatus } from "./live-release";
import { Missing } from "./live-state";
import { trafficOf } from "./live-traffic";
import { NativeDeployments, type NativeSight } from "./native-deployments";

/** Uses what ECS tells of a release's deployments. */
export async function withNative<T>(
  release: EcsNativeRelease,
  use: (deployments: NativeDeployments, account: Account) => Promise<T>,
  limits?: TimeLimits,
): Promise<T> {
  const account = await signIn(release.environment, new CallTime(limits));
  const deployments = new NativeDeployments(account, release);
  try {
    return await use(deployments, account);
  } finally {
    deployments.close();
  }
}

/** Who serves in AWS, and whether the file says so too. */
export function nativeStatus(release: EcsNativeRelease, limits?: TimeLimits): Promise<LiveStatus> {
  return withNative(
    release,
    async (deployments, account) => {
      const place = placeOf(account);
      try {
        const served = await deployments.served();
        const found = statusOf(release, served, await deployments.newest());
        const told = await toldAlarms(account, release);
        const differences = [...found.differences, ...missingAlarms(told)];
        return { ...nothingCompared, place, traffic: found.traffic, ...told, differences };
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
        return { ...nothingCompared, place, alarms: [], differences: [error.message] };
      }
    },
    limits,
  );
}

function statusOf(release: EcsNativeRelease, served: string, newest: NativeSight | undefined) {
  const { stable } = release;
  if (newest !== undefined && !newest.isOver) {
    const { from = newest.to, to, percent } = newest;
    const traffic = trafficOf(
      release,
      from === to ? { stable: to } : { stable: from, canary: { version: to, percent } },
    );
    const isOther = to !== stable.name;
    return {
      traffic,
      differences: isOther ? [`stable is ${stable.name} in the file, but ECS moves users to ${to}`] : [],
    };
  }
  const serves = newest?.serves ?? served;
  const traffic = trafficOf(release, { stable: serves });
  return { traffic, differences: serves === stable.name ? [] : [otherText(release, serves, newest)] };
}

/** An apply would have ECS shift to it again. */
function otherText({ stable }: EcsNativeRelease, serves: string, newest: NativeSight | undefined): string {
  const line = `stable is ${stable.name} in the file, but ${serves} serves in AWS`;
  if (newest === undefined || newest.status === "SUCCESSFUL" || newest.to !== stable.name) return line;
  const why = newest.reason === undefined ? "" : ` (${newest.reason})`;
  return `${line}: ECS rolled back its last deployment${why}, and the next deploy would start it again; 'rollback' writes it to the file`;
}
