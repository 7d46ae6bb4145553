import { ecsOf } from "../ecs";
import { fargateMemoryMb } from "../ecs-schema";
import { type ReleaseContext, runsContainers, versionField, versionsInFile } from "../release-context";
import type { Finding } from "./finding";

/** AWS's limits of the names of load balancers and target groups. */
const balancerNameLength = 32;

/** What AWS would refuse of containers and their load balancer. */
export function checkEcs(context: ReleaseContext): Finding[] {
  const { file } = context;
  if (!runsContainers(file)) return [];
  return [...containers(context), ...listeners(context)];
}

/** Every version has a container, of a size that Fargate has. */
function containers(context: ReleaseContext): Finding[] {
  return Object.entries(versionsInFile(context.file)).flatMap(([version, { container }]) => {
    if (container === undefined) {
      const message = `must have its image, "versions": { "${version}": { "container": { "image": "..." } } }`;
      return [{ field: versionField(context, version), message }];
    }
    const { cpu, memoryMb } = container;
    const { from, to, step } = fargateMemoryMb[cpu] ?? { from: 0, to: 0, step: 1 };
    // The smallest size has half of a step, too.
    const isThere = memoryMb >= from && memoryMb <= to && (memoryMb % step === 0 || memoryMb === from);
    if (isThere) return [];
    const message = `must be what Fargate has for ${cpu} CPU units: ${from === 512 ? `512, ` : ""}${Math.ceil(from / step) * step} to ${to} MB in steps of ${step}`;
    return [{ field: ["versions", version, "container", "memoryMb"], message, value: memoryMb }];
  });
}

function listeners({ file }: ReleaseContext): Finding[] {
  const { port, testPort } = ecsOf(file.ecs).listener;
  if (port !== testPort) return [];
  const message = "must be another port than the users' one";
  return [{ field: ["ecs", "listener", "testPort"], message, value: testPort }];
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html */
export function checkBalancerName({ service, environment, file }: ReleaseContext): Finding[] {
  if (!runsContainers(file)) return [];
  // Target groups are the longest: they end in -blue and -green.
  const name = `${service}-${environment.name}-green`;
  if (name.length <= balancerNameLength) return [];
  const message = `must give target groups names of at most ${balancerNameLength} characters`;
  return [{ field: ["strategy"], message, value: name }];
}
