import { readRelease, Unable } from "../release/files/project";
import type { Release } from "../release/release";
import type { RequestInFile } from "../release/schema/release";
import { helpAfter } from "../terminal/help";
import type { PreparedRequest } from "../traffic/prepared-request";
import type { CallResponse } from "../traffic/traffic";
import { headerOf, headersOf } from "./header-option";
import { several, url, whole } from "./options";
import { type Cli, serviceArgument } from "./verb";

interface Options {
  readonly url?: string;
  readonly wait: number;
  readonly header?: readonly (readonly [string, string])[];
}

const after =
  "Exit codes: 0 all as expected, 1 something is not, 2 nothing could be sent or none is declared.";

export function addCheckRequests({ program, end }: Cli): void {
  helpAfter(program.command("check-requests"), after)
    .description("send the requests that a release file declares to a stage, and check status, body and time")
    .argument("<service>", serviceArgument)
    .option(
      "--url <stage>",
      "where: the output temporary_endpoint, or what a rehearsal serves (default: the output url, or else api_endpoint)",
      url("https://id.execute-api.eu-central-1.amazonaws.com/blue"),
    )
    .option(
      "--header <header>",
      "send 'Name: value' with each request, in place of its own; once for each header",
      several(headerOf),
    )
    .option("--wait <seconds>", "how long a new stage may take to answer as expected", whole(0, 86_400), 60)
    .action(async (service, options) => end(await check(service, options)));
}

/** @returns the exit code */
async function check(service: string, { url: given, wait, header }: Options): Promise<number> {
  const { release, path, project } = readRelease(service);
  const { faultLines, judge, judgedTable } = await import("../traffic/judge.js");
  const { prepared } = await import("../traffic/prepared-request.js");
  const { send } = await import("../traffic/send.js");
  const requests = "requests" in release ? release.requests : undefined;
  if (requests === undefined) throw new Unable(`${path} declares no 'requests' to check`);
  const place = { project, file: path, environment: process.env };
  const ready = requests.map((request, index) => prepared(request, index, headersOf(header), place));
  const url = given ?? (await usersUrl(project, release));
  const [first] = ready as [PreparedRequest];
  await untilServed(() => send(url, first), first.request, wait);
  const judged = [];
  for (const one of ready) {
    const answers: CallResponse[] = [];
    while (answers.length < one.request.count) answers.push(await send(url, one));
    judged.push(judge(one.request, answers));
  }
  const faults = faultLines(judged);
  const verdict =
    faults.length === 0
      ? "Every request was answered as expected."
      : "Not every request was answered as expected:";
  console.log([judgedTable(judged), "", verdict, ...faults].join("\n"));
  return faults.length === 0 ? 0 : 1;
}

async function usersUrl(project: string, release: Release): Promise<string> {
  const { deployedUrl } = await import("../workflows/deployed-url.js");
  return deployedUrl(project, release, { init: true });
}

/** API Gateway serves a new stage some seconds after it was made. */
async function untilServed(
  send: () => Promise<CallResponse>,
  { expect }: RequestInFile,
  wait: number,
): Promise<void> {
  const end = Date.now() + wait * 1000;
  for (;;) {
    const { status } = await send();
    if (status === expect.status || Date.now() + 1000 > end) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
