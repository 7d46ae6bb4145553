import { Command, InvalidArgumentError } from "commander";
import { CloudWatchAlarms } from "./alarms";
import { RealClock } from "./clock";
import { CodeDeploy } from "./codedeploy";
import { LambdaEndpoint } from "./lambda-api";

interface Options {
  readonly port: number;
  readonly lambdaEndpoint: string;
  readonly cloudwatchEndpoint?: string;
  readonly region: string;
  readonly speed: number;
}

function number(min: number, max: number) {
  return (text: string) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`It must be a whole number between ${min} and ${max}.`);
    }
    return value;
  };
}

function url(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text)) {
    throw new InvalidArgumentError("It must be an address such as http://127.0.0.1:4566.");
  }
  return text;
}

const { env } = process;
const command = new Command("npm run codedeploy --")
  .description(
    "Serves CodeDeploy on loopback: its deployments shift the traffic of real aliases, wait for real hooks and roll " +
      "back when an alarm goes off.",
  )
  .option("--port <number>", "port to listen on; 0 is any that is free", number(0, 65535), 0)
  .option(
    "--lambda-endpoint <url>",
    "Lambda's aliases and functions (default: AWS_ENDPOINT_URL_LAMBDA or AWS_ENDPOINT_URL)",
    url,
    env["AWS_ENDPOINT_URL_LAMBDA"] ?? env["AWS_ENDPOINT_URL"],
  )
  .option(
    "--cloudwatch-endpoint <url>",
    "the state of alarms (default: AWS_ENDPOINT_URL_CLOUDWATCH or AWS_ENDPOINT_URL; without, no alarm goes off)",
    url,
    env["AWS_ENDPOINT_URL_CLOUDWATCH"] ?? env["AWS_ENDPOINT_URL"],
  )
  .option(
    "--region <name>",
    "the region of both",
    env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"] ?? "us-east-1",
  )
  .option(
    "--speed <factor>",
    "how much faster time goes: at 60 a minute takes a second",
    number(1, 10_000),
    1,
  )
  .showHelpAfterError("(npm run codedeploy -- --help shows the options)")
  .allowExcessArguments(false);

async function main({ port, lambdaEndpoint, cloudwatchEndpoint, region, speed }: Options): Promise<void> {
  if (lambdaEndpoint === undefined) throw new Error("--lambda-endpoint must be given");
  const codeDeploy = new CodeDeploy({
    lambda: new LambdaEndpoint(lambdaEndpoint, region),
    alarms: cloudwatchEndpoint === undefined ? undefined : new CloudWatchAlarms(cloudwatchEndpoint, region),
    clock: new RealClock(speed),
  });
  const { url } = await codeDeploy.listen(port);
  console.log(`serving      ${url}`);
}

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));

command.parse();
main(command.opts<Options>()).catch((error: Error) => {
  console.error(`error: ${error.message}`);
  process.exit(1);
});
