import type { ReleaseContext } from "../release-context";
import type { Finding } from "./finding";

/** CodeDeploy shifts in one way. */
export function checkRollout({ file }: ReleaseContext): Finding[] {
  const { config, canary, linear } = file.rollout ?? {};
  const ways = Object.entries({ config, canary, linear }).filter(([, way]) => way !== undefined);
  if (ways.length <= 1) return [];
  const value = ways.map(([name]) => name);
  return [{ field: ["rollout"], message: "must have one of 'config', 'canary' and 'linear'", value }];
}
