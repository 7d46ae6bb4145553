import { always } from "../always";
import { regionOf } from "../aws/arn";
import { awsLimits, raisedBy } from "../aws/aws-limits";
import { hooksInFile } from "../functions/hooks";
import { type ReleaseContext, versionField, versionsInFile } from "../release-context";
import { isWholeRange } from "../schema/address-ranges";
import { fargateMemoryMb } from "../schema/ecs";
import { taskFamily } from "../shifts/ecs";
import { modelOf } from "../strategies/strategies";
import { withOwnId } from "../version-id";
import type { Finding } from "./finding";

/** A load balancer's own is the same. */
const balancerNameLength = awsLimits.targetGroupNameCharacters.most;

/** What AWS would refuse of containers and their load balancer. */
export function checkEcs(context: ReleaseContext): Finding[] {
  const { file } = context;
  if (modelOf(file).versionKind !== "container") return [];
  return [...containers(context), ...listeners(context), ...reachability(context)];
}

/** What a task definition has beside its container: names, roles, ports and logs. */
const definitionBytes = 2048;

/** Every version has a container, of a size that Fargate has, and one that a task definition has room for. */
function containers(context: ReleaseContext): Finding[] {
  return Object.entries(versionsInFile(context.file)).flatMap(([version, { container }]) => {
    if (container === undefined) {
      const message = `must have its image, "versions": { "${version}": { "container": { "image": "..." } } }`;
      return [{ field: versionField(context, version), message }];
    }
    const { cpu, memoryMb } = container;
    const variables = Object.entries(container.environment).map(([name, value]) => ({ name, value }));
    const bytes = Buffer.byteLength(JSON.stringify({ ...container, environment: variables }));
    const most = awsLimits.taskDefinitionBytes.most - definitionBytes;
    if (bytes > most) {
      const message = `must be at most ${most} bytes as JSON, because an ECS task definition has ${awsLimits.taskDefinitionBytes.most} and the stack adds to it`;
      return [{ field: ["versions", version, "container"], message, value: bytes }];
    }
    const { from, to, step } = fargateMemoryMb[cpu] ?? { from: 0, to: 0, step: 1 };
    // The smallest size has half of a step, too.
    const isThere = memoryMb >= from && memoryMb <= to && (memoryMb % step === 0 || memoryMb === from);
    if (isThere) return [];
    const message = `must be a size that Fargate offers for ${cpu} CPU units: ${from === 512 ? `512, ` : ""}${Math.ceil(from / step) * step} to ${to} MB in steps of ${step}`;
    return [{ field: ["versions", version, "container", "memoryMb"], message, value: memoryMb }];
  });
}

/** The rules that let the hooks in. */
const hookRules = 2;

function listeners({ file, environment }: ReleaseContext): Finding[] {
  const { port, testPort, sources, testSources = [] } = always(file, "ecs").listener;
  const findings: Finding[] = [];
  if (port === testPort) {
    const message = "must differ from 'listener.port'";
    findings.push({ field: ["ecs", "listener", "testPort"], message, value: testPort });
  }
  const most = environment.quotas.securityGroupRules - hookRules;
  const all = [...sources, ...testSources];
  for (const kind of ["IPv4", "IPv6"]) {
    const { length } = all.filter((range) => range.includes(":") === (kind === "IPv6"));
    if (length <= most) continue;
    const message = `must have at most ${most} ranges of ${kind} in 'sources' and 'testSources', because a security group has ${most + hookRules} rules and hooks need two${raisedBy("securityGroupRules")}`;
    findings.push({ field: ["ecs", "listener"], message, value: length });
  }
  return [...findings, ...ranges({ sources, testSources })];
}

/** The rules of a security group take whole ranges alone. */
function ranges(given: Readonly<Record<string, readonly string[]>>): Finding[] {
  return Object.entries(given).flatMap(([name, list]) =>
    list.flatMap((range, index) => {
      if (isWholeRange(range)) return [];
      const message = "must begin with the first address of its range, such as 203.0.113.0/24";
      return [{ field: ["ecs", "listener", name, index], message, value: range }];
    }),
  );
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html */
export function checkCertificate({ file, environment }: ReleaseContext): Finding[] {
  const value = file.ecs?.listener.certificateArn;
  if (value === undefined || regionOf(value) === environment.region) return [];
  const message = `must be a certificate in the load balancer's region, ${environment.region}`;
  return [{ field: ["ecs", "listener", "certificateArn"], message, value }];
}

/**
 * The name of a load balancer of the internet leads to public addresses: a hook that calls its test port comes from
 * the address of a NAT gateway, and of a network that is given nobody knows that.
 */
function reachability(context: ReleaseContext): Finding[] {
  const { network, listener } = always(context.file, "ecs");
  const isKnown = network === undefined || network.internal || listener.testSources !== undefined;
  if (isKnown || hooksInFile(context).length === 0) return [];
  const message =
    "must be given where a hook tests in your own network: the addresses of its NAT gateways, which the hook calls from";
  return [{ field: ["ecs", "listener", "testSources"], message }];
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html */
export function checkBalancerName({ service, environment, file }: ReleaseContext): Finding[] {
  if (modelOf(file).versionKind !== "container") return [];
  const findings: Finding[] = [];
  // Target groups are the longest: they end in -blue and -green.
  const name = `${service}-${environment.name}-green`;
  if (name.length > balancerNameLength) {
    const message = `must give target groups names of at most ${balancerNameLength} characters`;
    findings.push({ field: ["strategy"], message, value: name });
  }
  if (/^(internal|sg)-/.test(name)) {
    const message =
      "must be given to a service whose name does not begin with internal- or sg-, which AWS reserves";
    findings.push({ field: ["strategy"], message, value: service });
  }
  return findings;
}

/** The families of the versions' task definitions: of one, AWS would number the versions of two services. */
export function taskFamilies({ service, environment, file }: ReleaseContext): readonly string[] {
  if (modelOf(file).versionKind !== "container") return [];
  return withOwnId(Object.keys(versionsInFile(file))).map((version) =>
    taskFamily(`${service}-${environment.name}`, version),
  );
}
