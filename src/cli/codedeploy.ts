import { Unable } from "../release/files/project";
import { exitOnSignals } from "../terminal/signals";
import { isAddress, regionName, url, whole } from "./options";
import type { Cli } from "./verb";

interface Options {
  readonly port: number;
  readonly awsEndpoint?: string;
  readonly lambdaEndpoint?: string;
  readonly ecsEndpoint?: string;
  readonly elbEndpoint?: string;
  readonly cloudwatchEndpoint?: string;
  readonly region: string;
  readonly speed: number;
}

const address = url("http://127.0.0.1:4566");

export function addCodeDeploy({ program }: Cli): void {
  program
    .command("codedeploy")
    .description(
      "serve CodeDeploy on this machine, for a local AWS endpoint that has none: real aliases, listeners, hooks, alarms",
    )
    .option("--port <number>", "port to listen on; 0 is any that is free", whole(0, 65535), 0)
    .option("--aws-endpoint <url>", "all of the following (default: AWS_ENDPOINT_URL)", address)
    .option(
      "--lambda-endpoint <url>",
      "Lambda's aliases, and the functions of hooks (default: AWS_ENDPOINT_URL_LAMBDA)",
      address,
    )
    .option("--ecs-endpoint <url>", "ECS's services and task sets (default: AWS_ENDPOINT_URL_ECS)", address)
    .option(
      "--elb-endpoint <url>",
      "the listeners before them (default: AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2)",
      address,
    )
    .option(
      "--cloudwatch-endpoint <url>",
      "the state of alarms (default: AWS_ENDPOINT_URL_CLOUDWATCH; without, no alarm goes off)",
      address,
    )
    .option(
      "--region <name>",
      "the region of all",
      regionName,
      process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"] ?? "us-east-1",
    )
    .option(
      "--speed <factor>",
      "how much faster time goes: at 60 a minute takes a second",
      whole(1, 10_000),
      1,
    )
    .action(serve);
}

/** @throws where a variable that is set has no address */
function urlIn(variable: string): string | undefined {
  const text = process.env[variable];
  if (text && !isAddress(text)) {
    throw new Unable(`${variable} must be an address such as http://127.0.0.1:4566, got "${text}"`);
  }
  return text;
}

/** Until the process is ended. */
async function serve(options: Options): Promise<never> {
  exitOnSignals();
  const { RealClock } = await import("../rehearsal/codedeploy/clock.js");
  const { CloudWatchAlarms } = await import("../rehearsal/codedeploy/cloudwatch-alarms.js");
  const { CodeDeploy } = await import("../rehearsal/codedeploy/codedeploy.js");
  const { EcsEndpoint } = await import("../rehearsal/codedeploy/ecs/ecs-endpoint.js");
  const { LoadBalancerEndpoint } = await import("../rehearsal/codedeploy/ecs/load-balancer-endpoint.js");
  const { LambdaEndpoint } = await import("../rehearsal/codedeploy/lambda-endpoint.js");
  const { port, region, speed } = options;
  /** What is said of one service goes before what is said of all. */
  const endpoint = (given: string | undefined, service: string) =>
    given || options.awsEndpoint || urlIn(`AWS_ENDPOINT_URL_${service}`) || urlIn("AWS_ENDPOINT_URL");
  const lambda = endpoint(options.lambdaEndpoint, "LAMBDA");
  const ecs = endpoint(options.ecsEndpoint, "ECS");
  const loadBalancer = endpoint(options.elbEndpoint, "ELASTIC_LOAD_BALANCING_V2");
  const cloudwatch = endpoint(options.cloudwatchEndpoint, "CLOUDWATCH");
  if (!lambda && !ecs) {
    throw new Unable("--lambda-endpoint, --ecs-endpoint or --aws-endpoint must be given");
  }
  if (ecs && !loadBalancer) {
    throw new Unable("--elb-endpoint must be given with --ecs-endpoint");
  }
  const codeDeploy = new CodeDeploy({
    lambda: lambda ? new LambdaEndpoint(lambda, region) : undefined,
    ecs: ecs ? new EcsEndpoint(ecs, region) : undefined,
    loadBalancer: loadBalancer ? new LoadBalancerEndpoint(loadBalancer, region) : undefined,
    alarms: cloudwatch ? new CloudWatchAlarms(cloudwatch, region) : undefined,
    clock: new RealClock(speed),
  });
  const url = await codeDeploy.listen(port);
  console.log(`serving      ${url}`);
  return new Promise(() => {});
}
