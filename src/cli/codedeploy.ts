import { Command, InvalidArgumentError } from "commander";
import { RealClock } from "../rehearsal/codedeploy/clock";
import { CloudWatchAlarms } from "../rehearsal/codedeploy/cloudwatch-alarms";
import { CodeDeploy } from "../rehearsal/codedeploy/codedeploy";
import { EcsEndpoint } from "../rehearsal/codedeploy/ecs/ecs-endpoint";
import { LoadBalancerEndpoint } from "../rehearsal/codedeploy/ecs/load-balancer-endpoint";
import { LambdaEndpoint } from "../rehearsal/codedeploy/lambda-endpoint";
import { withWrappedHelp } from "../terminal/help";
import { guardOutput } from "../terminal/output";

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

const { env } = process;

function number(min: number, max: number) {
  return (text: string) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`It must be a whole number between ${min} and ${max}.`);
    }
    return value;
  };
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:/.test(text);
}

function url(text: string): string {
  if (!isAddress(text)) {
    throw new InvalidArgumentError("It must be an address such as http://127.0.0.1:4566.");
  }
  return text;
}

function regionName(text: string): string {
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(text)) {
    throw new InvalidArgumentError("It must be an AWS region such as eu-central-1.");
  }
  return text;
}

/** @throws where a variable that is set has no address */
function urlIn(variable: string): string | undefined {
  const text = env[variable];
  if (text && !isAddress(text)) {
    throw new Error(`${variable} must be an address such as http://127.0.0.1:4566, got "${text}"`);
  }
  return text;
}

const command = withWrappedHelp(new Command("npx lambda-release codedeploy"))
  .description(
    "Serves CodeDeploy on loopback: its deployments shift the traffic of real aliases, or of real listeners from one " +
      "ECS task set to the next, wait for real hooks and roll back when an alarm goes off.",
  )
  .option("--port <number>", "port to listen on; 0 is any that is free", number(0, 65535), 0)
  .option("--aws-endpoint <url>", "all of the following (default: AWS_ENDPOINT_URL)", url)
  .option(
    "--lambda-endpoint <url>",
    "Lambda's aliases, and the functions of hooks (default: AWS_ENDPOINT_URL_LAMBDA)",
    url,
  )
  .option("--ecs-endpoint <url>", "ECS's services and task sets (default: AWS_ENDPOINT_URL_ECS)", url)
  .option(
    "--elb-endpoint <url>",
    "the listeners before them (default: AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2)",
    url,
  )
  .option(
    "--cloudwatch-endpoint <url>",
    "the state of alarms (default: AWS_ENDPOINT_URL_CLOUDWATCH; without, no alarm goes off)",
    url,
  )
  .option(
    "--region <name>",
    "the region of all",
    regionName,
    env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"] ?? "us-east-1",
  )
  .option(
    "--speed <factor>",
    "how much faster time goes: at 60 a minute takes a second",
    number(1, 10_000),
    1,
  )
  .showHelpAfterError("(npx lambda-release codedeploy --help shows the options)")
  .allowExcessArguments(false);

async function main(options: Options): Promise<void> {
  const { port, region, speed } = options;
  /** What is said of one service goes before what is said of all. */
  const endpoint = (given: string | undefined, service: string) =>
    given || options.awsEndpoint || urlIn(`AWS_ENDPOINT_URL_${service}`) || urlIn("AWS_ENDPOINT_URL");
  const lambda = endpoint(options.lambdaEndpoint, "LAMBDA");
  const ecs = endpoint(options.ecsEndpoint, "ECS");
  const loadBalancer = endpoint(options.elbEndpoint, "ELASTIC_LOAD_BALANCING_V2");
  const cloudwatch = endpoint(options.cloudwatchEndpoint, "CLOUDWATCH");
  if (!lambda && !ecs) {
    throw new Error("--lambda-endpoint, --ecs-endpoint or --aws-endpoint must be given");
  }
  if (ecs && !loadBalancer) {
    throw new Error("--elb-endpoint must be given with --ecs-endpoint");
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
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));

guardOutput(1);

command.parse();
main(command.opts<Options>()).catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exit(1);
});
