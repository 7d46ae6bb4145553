import { Option } from "commander";
import { parseFailing, parseSlow } from "../rehearsal/rollout/given-faults";
import { operatorActions } from "../rehearsal/rollout/operator";
import type { RehearseOptions } from "../rehearsal/rollout/rehearse";
import type { RunOptions } from "../rehearsal/run";
import { type ReadRelease, readRelease, Unable } from "../release/files/project";
import type { PlannedMoves } from "../release/files/rehearsed-moves";
import { isServedByApi } from "../release/release";
import { modelOf, shiftsByItself } from "../release/strategies/strategies";
import { Refusal } from "../release/verbs/transitions";
import { helpAfter } from "../terminal/help";
import { exitOnSignals } from "../terminal/signals";
import type { RequestHeaders } from "../traffic/headers";
import { type Place, prepared, splitRequest, unsetVariables } from "../traffic/prepared-request";
import { nameOfRequest, type SentRequest, sentRequest } from "../traffic/sent-request";
import { headerOf, headersOf } from "./header-option";
import { fileName, path, several, upTo, whole } from "./options";
import { requestOptions, sentOf } from "./request-option";
import { type Cli, serviceArgument } from "./verb";

/** What both kinds of rehearsal take, as it is given. */
interface Options
  extends Partial<
      Omit<
        RunOptions,
        | "service"
        | "stack"
        | "headers"
        | "caller"
        | "events"
        | "request"
        | "backends"
        | "declared"
        | "notSent"
        | "split"
      >
    >,
    Partial<Omit<RehearseOptions, "stack" | "lateMinutes" | "events" | "request" | "path">> {
  readonly late?: number;
  readonly steps?: boolean;
  readonly path?: string;
  readonly method?: string;
  readonly body?: string;
  readonly bodyFile?: string;
  readonly header?: readonly (readonly [string, string])[];
  readonly as?: string;
  readonly backend?: readonly (readonly [string, string])[];
  readonly events?: string;
}

/** Options that make sense for one kind of rehearsal alone: those of traffic choose it. */
const ofTraffic = ["requests", "serve", "port", "header", "as", "callHttp", "backend"] as const;
const ofShift = [
  "fail",
  "slow",
  "late",
  "operator",
  "operatorAfter",
  "plot",
  "howBad",
  "draws",
  "json",
] as const;

/** Those that play a release by its steps, where no CodeDeploy moves it. */
const ofSteps = ["steps", "fail", "slow", "plot", "howBad"] as const;

const after = [
  "A service that CodeDeploy or ECS shifts (codedeploy-alias, ecs-blue-green, ecs-native) rehearses a shift, any other one its traffic. --requests, --serve, --port, --header, --as, --call-http or --backend rehearse the traffic of a codedeploy-alias too.",
  "With --steps, --fail, --slow, --how-bad or --plot any other service rehearses its release: it goes through 'steps' of the file to all users, and the guard of the release may stop it.",
  'Without an API it plays events instead of requests. The file of --events is a list such as [{ "trigger": "orders", "body": {}, "count": 20 }].',
  "Exit codes: 0 the split is as the stage says, or the new version serves everybody; 1 the split is implausible (chance below 0.001), a request failed, or the shift or release was stopped; 2 nothing could be rehearsed.",
];

export function addRehearse({ program, end }: Cli): void {
  const { method, body, bodyFile } = requestOptions();
  helpAfter(program.command("rehearse"), ...after)
    .description("apply a service to this machine, and send traffic to its real handlers: no AWS account")
    .argument("<service>", serviceArgument)
    .option("--from <git ref>", "first apply that commit, so that the step from there is rehearsed")
    .option(
      "--rate <per second>",
      "requests per second (default: 10 of a shift's time; of traffic as fast as they are answered)",
      upTo(100_000),
    )
    .option(
      "--seed <number>",
      "draw the same in each run (default: another one in each)",
      whole(0, 2 ** 32 - 1),
    )
    .option(
      "--path <path>",
      'what to request (default: the declared request with "split", or else the first open GET route without variables)',
      path,
    )
    .addOption(method)
    .addOption(body)
    .addOption(bodyFile)
    .option(
      "--events <file.json>",
      "play these events through the alias, as the triggers send them (default without an API: a sample of each)",
      fileName(".json"),
    )
    .optionsGroup("Traffic:")
    .option("--requests <count>", "requests to send, or invocations (default: 1000)", whole(1, 1_000_000))
    .option("--serve", "keep listening, synthesize and apply what you change; send no traffic")
    .option("--port <number>", "port to listen on (default: any that is free)", whole(0, 65535))
    .option(
      "--header <header>",
      "send 'Name: value' with each request; once for each header",
      several(headerOf),
    )
    .option(
      "--as <file.json>",
      "who calls routes with Cognito or AWS_IAM: { claims: {...}, userArn: ... }; nothing of it is checked",
      fileName(".json"),
    )
    .option("--call-http", "call the addresses of HTTP integrations for real (default: they answer 501)")
    .option(
      "--backend <address=address>",
      "call the second in place of the first, which HTTP integrations name; once for each",
      several(backendOf),
    )
    .optionsGroup("Shift by CodeDeploy, or release by steps, on a clock that runs ahead:")
    .option("--steps", "where no CodeDeploy shifts: play the release by the file's steps, with its guard")
    .option(
      "--fail <who>=<percent>%",
      "fail this share of requests to canary, stable or a version; canary=5%:timeout says how (500, throw, timeout), canary=5%@20m from when on",
      several(parseFailing),
    )
    .option(
      "--slow <who>=<ms>",
      "their answers take longer, as far as metrics see; canary=200@20m says from when on",
      several(parseSlow),
    )
    .option("--late <minutes>", "metrics reach CloudWatch this much later (default: 0)", whole(0, 15))
    .addOption(
      new Option(
        "--operator <who>",
        "how to answer a deployment that waits for approval (default: continue)",
      ).choices(operatorActions),
    )
    .option("--operator-after <minutes>", "how long it waits for the answer (default: 1)", whole(0, 7200))
    .option("--plot <file.svg>", "draw a picture of it", fileName(".svg"))
    .option("--how-bad", "how bad must a version be to be stopped, how soon, and how many requests fail")
    .option(
      "--draws <count>",
      "shifts or releases to draw for each line of --how-bad (default: 200)",
      whole(1, 100_000),
    )
    .option("--json", "print one object")
    .action(async (service, options) => end((await rehearse(service, options)) ? 0 : 1));
}

/** @returns whether all went as it should */
async function rehearse(service: string, options: Options): Promise<boolean> {
  exitOnSignals();
  const read = readRelease(service);
  const { project, release } = read;
  const { name: stack } = release;
  const given = givenRequest(options);
  const { readEvents } = await import("../rehearsal/events/given-events.js");
  const events = options.events === undefined ? undefined : readEvents(options.events);
  // A shift or a release of a service with an API is one of its requests.
  const isOfEvents = events !== undefined && isServedByApi(release);
  const isOfTraffic = isOfEvents || ofTraffic.some((name) => options[name] !== undefined);
  const isOfSteps = !isOfTraffic && ofSteps.some((name) => options[name] !== undefined);
  if (isOfSteps && !shiftsByItself(modelOf(release)))
    return rehearseSteps(read, { ...options, events, request: given });
  const { synthesize } = await import("../synth/synthesize.js");
  const { hasShift } = await import("../rehearsal/rollout/platforms.js");
  const output = synthesize(project);
  if (hasShift(output, stack) && !isOfTraffic) {
    if (options.steps) {
      const mover = modelOf(release).movedBy === "ecs" ? "ECS" : "CodeDeploy";
      throw new Unable(`'--steps' must not be given: ${mover} shifts this release`);
    }
    if (options.path !== undefined && release.versionKind === "lambda" && !isServedByApi(release))
      throw new Unable(`'--path' must not be given: ${service} has no API`);
    if (events !== undefined && release.versionKind === "container")
      throw new Unable("'--events' must not be given: containers are called by requests");
    const { Rehearse } = await import("../rehearsal/rollout/rehearse.js");
    const { rate = 10, seed = Math.floor(Math.random() * 2 ** 32), fail = [], slow = [] } = options;
    const { late: lateMinutes = 0, draws = 200 } = options;
    const request = given ?? splitRequest(release, {}, placeOf(read));
    const shift = { ...options, request, events, stack, rate, seed, fail, slow, lateMinutes, draws };
    return new Rehearse(project, output, shift).start();
  }
  refuseOfShift(service, options);
  const { Run } = await import("../rehearsal/run.js");
  const { requests = 1000, port = 0, header, as: callerFile } = options;
  const { readCaller } = await import("../rehearsal/caller.js");
  const caller = callerFile === undefined ? undefined : readCaller(callerFile);
  const headers = headersOf(header);
  const { serveRehearsalPage } = await import("./rehearsal-page.js");
  const observer = options.serve ? await serveRehearsalPage(read) : undefined;
  const declared = declaredRequests(read, headers);
  const run = {
    ...options,
    ...declared,
    request: given,
    service,
    stack,
    requests,
    port,
    headers,
    backends: options.backend && new Map(options.backend),
    caller,
    events,
    observer,
  };
  return new Run(project, output, run).start();
}

/** Plays a release by the steps of its file. @throws {Unable} where there is no version to release */
async function rehearseSteps(
  read: ReadRelease,
  { events, ...options }: Omit<Options, "events"> & Pick<RehearseOptions, "events" | "request">,
): Promise<boolean> {
  const { project, path, name: service, release } = read;
  const operator = (["operator", "operatorAfter"] as const).find((name) => options[name] !== undefined);
  if (operator !== undefined)
    throw new Unable(`'${optionOf(operator)}' must not be given: ${service} does not wait for an operator`);
  if (options.path !== undefined && !isServedByApi(release))
    throw new Unable(`'--path' must not be given: ${service} has no API`);
  const { plannedMoves } = await import("../release/files/rehearsed-moves.js");
  const { RehearseRelease } = await import("../rehearsal/rollout/steps/rehearse-release.js");
  const { rate = 10, seed = Math.floor(Math.random() * 2 ** 32), fail = [], slow = [] } = options;
  const { late: lateMinutes = 0, draws = 200 } = options;
  const { releaseSubject } = await import("../rehearsal/rollout/steps/release-text.js");
  const steps = {
    ...options,
    request: options.request ?? splitRequest(release, {}, placeOf(read)),
    service,
    kinds: releaseSubject(isServedByApi(release)).kinds,
    events,
    stack: release.name,
    rate,
    seed,
    fail,
    slow,
    lateMinutes,
    draws,
  };
  return new RehearseRelease(project, path, movesOf(read, plannedMoves), steps).start();
}

/** `https://stock.example.com=http://localhost:3000`. @throws what is wrong, as `it must be ...` */
function backendOf(text: string): [address: string, instead: string] {
  const origins = text.split("=").map((one) => {
    const isOrigin = URL.canParse(one) && /^https?:\/\/[^/?#]+\/?$/i.test(one);
    return isOrigin ? new URL(one).origin : undefined;
  });
  const [address, instead] = origins;
  if (origins.length !== 2 || address === undefined || instead === undefined)
    throw new Error(
      "it must be two addresses without a path, such as https://stock.example.com=http://localhost:3000",
    );
  return [address, instead];
}

/** What the command line names. */
function givenRequest(options: Options): SentRequest | undefined {
  const { path } = options;
  const sent = sentOf(options, path, "--path");
  return path === undefined ? undefined : { ...sent, path };
}

function placeOf({ project, path }: ReadRelease): Place {
  return { project, file: path, environment: process.env };
}

/** The requests of the file, and which of them cannot be sent from here. */
function declaredRequests(read: ReadRelease, headers: RequestHeaders) {
  const { release } = read;
  const requests = isServedByApi(release) ? (release.requests ?? []) : [];
  const declared: SentRequest[] = [];
  const notSent: string[] = [];
  let split: SentRequest | undefined;
  for (const [index, request] of requests.entries()) {
    const missing = request.split ? [] : unsetVariables(request, process.env);
    if (missing.length > 0) {
      notSent.push(
        `${nameOfRequest(request)}: ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not set`,
      );
      continue;
    }
    const sent = sentRequest(prepared(request, index, headers, placeOf(read)));
    declared.push(sent);
    if (request.split) split = sent;
  }
  return { declared, notSent, split };
}

function movesOf(read: ReadRelease, plan: (read: ReadRelease) => PlannedMoves): PlannedMoves {
  try {
    return plan(read);
  } catch (error) {
    if (error instanceof Refusal) throw new Unable(error.message);
    throw error;
  }
}

function optionOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** @throws {Unable} where an option of a shift is given to a rehearsal of traffic */
function refuseOfShift(service: string, options: Options): void {
  const given = ofShift.find((name) => options[name] !== undefined);
  const ofRun = ofTraffic.find((name) => options[name] !== undefined) ?? "events";
  if (options.steps)
    throw new Unable(
      `'--steps' must not be given with ${optionOf(ofRun)}, which rehearses the traffic of ${service}`,
    );
  if (given === undefined) return;
  const steps = given === "operator" || given === "operatorAfter" ? "" : ": --steps plays its release";
  throw new Unable(
    `'${optionOf(given)}' must not be given: it is of a shift by CodeDeploy, and this rehearses the traffic of ${service}${steps}`,
  );
}
