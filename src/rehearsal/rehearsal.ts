import { Readable } from "node:stream";
import { localAnswersPath } from "../traffic/who-answered";
import type { Backends } from "./api-gateway/backends";
import { Gateway, type RequestRecord } from "./api-gateway/gateway";
import { type Api, apiOf } from "./api-gateway/stage";
import type { Caller } from "./caller";
import { hasPython } from "./lambda/executor";
import { functionsOf, type LambdaFunction } from "./lambda/function";
import { type LambdaOptions, LambdaService, type OnLog } from "./lambda/lambda-service";
import { json, LoopbackServer } from "./loopback";
import type { Random } from "./random";
import { AppliedState, type ApplySummary } from "./terraform/applied-state";
import type { Arguments, Configuration } from "./terraform/configuration";

export interface RehearsalOptions extends LambdaOptions {
  /** Draws the requests that the canary gets, and the version that a weighted alias gives a call. */
  readonly random: Random;
  readonly onRequest: (record: RequestRecord) => void;
  /** Gets each line that a function prints. */
  readonly onLog: OnLog;
  /** Who calls routes with Cognito or AWS_IAM. @default - nobody may */
  readonly caller?: Caller;
  /** Whether HTTP integrations call their addresses. @default - they answer 501 */
  readonly callsHttp?: boolean;
  /** What is called in place of their addresses. @default - nothing */
  readonly backends?: Backends;
  /** The versions of the last requests by API Gateway's ids, for other processes of this machine. @default - not told */
  readonly answers?: () => Readonly<Record<string, string>>;
  /** Milliseconds of a clock that does not go back, by which requests are throttled. @default - this machine's */
  readonly now?: () => number;
}

/** A stack, applied to this machine: its API on a loopback port, its functions in workers and children. */
export class Rehearsal {
  private state = AppliedState.empty;
  /** Its aliases can be moved, as CodeDeploy does. */
  readonly lambda: LambdaService;
  private readonly gateway: Gateway;
  private readonly server: LoopbackServer;

  constructor(private readonly options: RehearsalOptions) {
    this.lambda = new LambdaService(options.random, options.onLog, options);
    this.gateway = new Gateway(
      this.lambda,
      options.random,
      options.onRequest,
      options.now,
      options.caller,
      options.backends,
    );
    this.server = new LoopbackServer(async (request) => {
      if (options.answers !== undefined && request.url === localAnswersPath) return json(options.answers());
      const { statusCode: status, headers, body } = await this.gateway.handle(request);
      if (body instanceof Readable) return { status, headers, body };
      return { status, headers: { ...headers, "content-length": Buffer.byteLength(body) }, body };
    });
  }

  /**
   * Applies a synthesized stack to what is there. What cannot be applied changes nothing.
   *
   * @throws on what the rehearsal does not know, and where a function's runtime is not on this machine
   */
  apply(configuration: Configuration): ApplySummary {
    const { state, summary } = this.state.apply(configuration);
    this.serve(state);
    return summary;
  }

  /** A resource is changed without Terraform, as by a call of AWS's API. @param changed its attributes */
  changeBeside(address: string, changed: Arguments): void {
    this.serve(this.state.changedBeside(address, changed));
  }

  private serve(state: AppliedState): void {
    const api = isWithoutApi(state) ? undefined : this.apiIn(state);
    const functions = functionsOf(state);
    requirePython(functions);
    this.lambda.apply(functions, state.place.folder);
    if (api !== undefined) this.gateway.apply(api);
    this.state = state;
  }

  /** Applies what has to be there before a stack: no API, and nothing that is called. */
  prepare(configuration: Configuration): void {
    this.state = this.state.apply(configuration).state;
  }

  /** Whether there is no API, and triggers or others invoke an alias. */
  get isWithoutApi(): boolean {
    return isWithoutApi(this.state);
  }

  /** The API as it is after the last apply. @throws where there is none */
  get api(): Api {
    return this.apiIn(this.state);
  }

  private apiIn(state: AppliedState): Api {
    return apiOf(state, this.options.callsHttp, this.options.backends);
  }

  /** The functions as they are after the last apply. */
  get functions(): ReadonlyMap<string, LambdaFunction> {
    return this.lambda.current;
  }

  /** Every block of the last apply. */
  get blocks(): AppliedState {
    return this.state;
  }

  get outputs(): Readonly<Record<string, unknown>> {
    return this.state.outputs;
  }

  /**
   * Listens on loopback.
   *
   * @param port 0 takes any that is free
   * @returns the address without a stage
   */
  listen(port = 0): Promise<string> {
    return this.server.listen(port);
  }

  async close(): Promise<void> {
    await this.server.close();
    this.lambda.close();
  }
}

function isWithoutApi(state: AppliedState): boolean {
  const has = (type: string) => state.ofType(type).length > 0;
  return !has("aws_api_gateway_rest_api") && has("aws_lambda_alias");
}

function requirePython(functions: ReadonlyMap<string, LambdaFunction>): void {
  const versions = [...functions.values()].flatMap((lambda) => [...lambda.versions.values()]);
  const python = versions.find(({ runtime }) => runtime.startsWith("python"));
  if (python === undefined || hasPython()) return;
  throw new Error(`${python.functionName} needs python3, which is not on this machine`);
}
