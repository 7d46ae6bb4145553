import { Command, CommanderError, InvalidArgumentError } from "commander";
import { readRelease, Unable } from "../release/project";
import type { RequestInFile } from "../release/schema";
import { withWrappedHelp } from "../terminal/help";
import { guardOutput } from "../terminal/output";
import { faultLines, judge, judgedTable } from "../traffic/judge";
import { send } from "../traffic/send";
import type { CallResponse } from "../traffic/traffic";

interface Options {
  readonly url: string;
  readonly wait: number;
}

function url(text: string): string {
  if (!URL.canParse(text) || !/^https?:/.test(text))
    throw new InvalidArgumentError(
      "It must be an address such as https://id.execute-api.eu-central-1.amazonaws.com/blue.",
    );
  return text;
}

function seconds(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("It must be a whole number of seconds.");
  return Number(text);
}

const program = withWrappedHelp(
  new Command("npx lambda-release check-requests"),
  "Exit codes: 0 all as expected, 1 something is not, 2 nothing could be sent or none is declared.",
)
  .description(
    "Sends the requests that a release file declares to a stage, and holds the answers against what is expected " +
      "of their status, body and time.",
  )
  .argument("<service>", "<environment>/<service>, such as dev/catalog")
  .requiredOption("--url <stage>", "where: the output temporary_endpoint, or what a rehearsal serves", url)
  .option(
    "--wait <seconds>",
    "how long a stage that was just made may take to answer as expected",
    seconds,
    60,
  )
  .exitOverride();

async function check(service: string, { url, wait }: Options): Promise<number> {
  const { context, path } = readRelease(service);
  const { requests } = context.file;
  if (requests === undefined) throw new Unable(`${path} declares no 'requests' to check`);
  await untilServed(url, requests[0] as RequestInFile, wait);
  const judged = [];
  for (const request of requests) {
    const answers: CallResponse[] = [];
    while (answers.length < request.count) answers.push(await send(url, request));
    judged.push(judge(request, answers));
  }
  const faults = faultLines(judged);
  const verdict =
    faults.length === 0
      ? "Every request was answered as expected."
      : "Not every request was answered as expected:";
  console.log([judgedTable(judged), "", verdict, ...faults].join("\n"));
  return faults.length === 0 ? 0 : 1;
}

/** API Gateway serves a new stage some seconds after it was made. */
async function untilServed(url: string, request: RequestInFile, wait: number): Promise<void> {
  const end = Date.now() + wait * 1000;
  for (;;) {
    const { status } = await send(url, request);
    if (status === request.expect.status || Date.now() + 1000 > end) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

async function main(): Promise<number> {
  let exitCode = 0;
  program.action(async (service: string, options: Options) => {
    exitCode = await check(service, options);
  });
  await program.parseAsync();
  return exitCode;
}

guardOutput(2);
main().then(
  (exitCode) => {
    process.exitCode = exitCode;
  },
  (error: Error) => {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else {
      console.error(`error: ${error.message}`);
      if (process.env["DEBUG"] !== undefined) console.error(error);
      process.exitCode = 2;
    }
  },
);
