import { awsLimits } from "../aws/aws-limits";
import type { ReleaseContext } from "../release-context";
import { modelOf } from "../strategies/strategies";
import type { Finding } from "./finding";

/** What a stack tags beside the environment: a network of its own has names. */
export function checkTags({ file, environment }: ReleaseContext): Finding[] {
  const { most } = awsLimits.tags;
  const { tags } = environment;
  const all = new Set([...Object.keys(tags), "Name"]).size;
  if (modelOf(file).versionKind !== "container" || file.ecs?.network !== undefined || all <= most) return [];
  const message = `must be given in an environment with ${most} tags: the network that the stack creates also has the tag Name, and AWS allows ${most}; or remove a tag from environment.json`;
  return [{ field: ["ecs", "network"], message }];
}
