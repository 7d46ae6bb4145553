import type { ReleaseContext } from "../release-context";
import type { Finding } from "./finding";

/** ECS shifts in one way. */
export function checkDeployment({ file }: ReleaseContext): Finding[] {
  const { canary, linear, allAtOnce } = file.deployment ?? {};
  const ways = Object.entries({ canary, linear, allAtOnce: allAtOnce || undefined });
  const given = ways.filter(([, way]) => way !== undefined).map(([name]) => name);
  if (given.length <= 1) return [];
  const message = "must have one of 'canary', 'linear' and 'allAtOnce'";
  return [{ field: ["deployment"], message, value: given }];
}
