import { nearestRegion, regions } from "../aws/aws-regions";
import type { EnvironmentFile } from "../schema/environment";
import type { Finding } from "./finding";

/** A region that is well-formed is one of AWS's, or is named as one that AWS opened later. */
export function checkRegions({ region, state, newRegions = [] }: EnvironmentFile): Finding[] {
  const given = [
    { field: ["region"], region },
    { field: ["state", "s3", "region"], region: state?.s3.region ?? region },
  ];
  return given.flatMap(({ field, region: value }, index) => {
    // Both are the same where the file gives one.
    if (index > 0 && value === region) return [];
    if (value === undefined || regions.includes(value) || newRegions.includes(value)) return [];
    const message = `must be an AWS region, and the nearest is ${nearestRegion(value)}; list one that AWS opened later in 'newRegions' too`;
    return [{ field, message, value }];
  });
}
