import { isDeepStrictEqual } from "node:util";
import type { Random } from "../random";
import { type Alias, drawVersion, sharesOf } from "./alias";
import { CodeStore } from "./code-store";
import type { FunctionVersion, LambdaFunction } from "./function";
import { FunctionPool } from "./function-pool";
import type { Invocations, OnChunk, Outcome } from "./invocation";
import { refusal } from "./permission";
import {
  layerVariables,
  refusalOfCode,
  refusalOfSettings,
  type Skipped,
  skippedLines,
  type Unpacked,
} from "./runnable";

/** A function, or an alias or version of it: what an integration names. */
export interface InvocationTarget {
  readonly functionName: string;
  /** An alias, or a version's number. @default - the function as it was applied last */
  readonly qualifier?: string;
}

/** The version that an invocation goes to, or why it goes to none. */
export type Reached =
  | {
      readonly functionVersion: string;
      /** @param onChunk gets the answer while it is written. @default - it stands in the outcome */
      readonly invoke: (event: object, traceId?: string, onChunk?: OnChunk) => Promise<Outcome>;
    }
  | { readonly functionVersion?: string; readonly refused: string };

/** Gets a line that a function prints. */
export type OnLog = (functionName: string, line: string, functionVersion: string) => void;

export interface LambdaOptions {
  /** @default - nothing stands between */
  readonly invocations?: Invocations;
  /** Environment variables beside a version's own, or in place of them, when it is started. @default - none */
  readonly variables?: (version: FunctionVersion) => Readonly<Record<string, string>>;
  /** Whether a function that cannot be run here fails an apply. @default - calls of it are refused, unless it is every one */
  readonly needsEvery?: boolean;
}

/** The functions of the last apply, running. */
export class LambdaService {
  private readonly code = new CodeStore();
  private functions: ReadonlyMap<string, LambdaFunction> = new Map();
  /** By function and version, once it was called. */
  private readonly pools = new Map<string, FunctionPool>();
  /** Where the code of each version that can be run stands. */
  private unpacked = new Map<string, Unpacked>();
  private notRun = new Map<string, Skipped>();
  /** Why a function refuses a source, of those that have asked since the last apply. */
  private refusals = new Map<string, string | undefined>();

  /** @param random draws the version that a call of a weighted alias goes to */
  constructor(
    private readonly random: Random,
    private readonly onLog: OnLog,
    private readonly options: LambdaOptions = {},
  ) {}

  /**
   * Puts the functions of an apply in place. A version that is as it was goes on as it is, with what its handler
   * keeps in memory; the calls of a changed one are finished by the old code.
   *
   * @param folder what the functions' source folders are relative to
   * @throws where this machine can run none of them, or not every one that it must
   */
  apply(functions: ReadonlyMap<string, LambdaFunction>, folder: string): void {
    const versions = [...functions.values()].flatMap((lambda) => [...lambda.versions.values()]);
    const unpacked = new Map<string, Unpacked>();
    const notRun = new Map<string, Skipped>();
    for (const one of versions) {
      const found = this.unpack(one, folder);
      if (typeof found !== "string") unpacked.set(keyOf(one), found);
      else notRun.set(keyOf(one), { functionName: one.functionName, version: one.version, reason: found });
    }
    if (notRun.size > 0 && (this.options.needsEvery === true || unpacked.size === 0))
      throw new Error(skippedLines([...notRun.values()]).join("; "));
    this.unpacked = unpacked;
    this.notRun = notRun;
    for (const [key, pool] of this.pools) {
      const lambda = functions.get(pool.lambda.functionName);
      if (lambda !== undefined && goesOn(pool.lambda, lambda)) continue;
      pool.close();
      this.pools.delete(key);
    }
    this.functions = functions;
    this.refusals = new Map();
  }

  /** @returns where its code stands, or why it cannot be run here */
  private unpack(version: FunctionVersion, folder: string): Unpacked | string {
    const { code, layers = [] } = version;
    const refused = refusalOfSettings(version);
    if (refused !== undefined || code === undefined) return refused ?? "";
    const own = layers.filter((one) => typeof one !== "string");
    const unpacked = {
      folder: this.code.keep(folder, code),
      ...(own.length > 0 && { opt: this.code.keepLayers(folder, own) }),
    };
    return refusalOfCode(version, unpacked) ?? unpacked;
  }

  /** Whether a call may go to a version that this machine can run. */
  canRun({ functionName, qualifier = "$LATEST" }: InvocationTarget): boolean {
    const lambda = this.functions.get(functionName);
    const alias = lambda?.aliases.get(qualifier);
    const versions = alias === undefined ? [qualifier] : sharesOf(alias).map(({ version }) => version);
    return versions.some((version) => !this.notRun.has(keyOf({ functionName, version })));
  }

  /** The versions that this machine cannot run: calls of them are refused. */
  get skipped(): readonly Skipped[] {
    return [...this.notRun.values()];
  }

  /** The functions as they are: as they were applied, with the aliases where they were moved since. */
  get current(): ReadonlyMap<string, LambdaFunction> {
    return this.functions;
  }

  /** Points an alias that is there at other versions, until the next apply. */
  moveAlias(functionName: string, alias: Alias): void {
    const lambda = this.functions.get(functionName);
    if (lambda === undefined) throw new Error(`there is no function ${functionName}`);
    const aliases = new Map(lambda.aliases).set(alias.name, alias);
    this.functions = new Map(this.functions).set(functionName, { ...lambda, aliases });
  }

  /**
   * Finds the version that an invocation goes to. A weighted alias draws it anew each time.
   *
   * @param sourceArn API Gateway's request, as the function's resource policy sees it. @default - it is not API
   * Gateway that invokes it, but somebody who may invoke every function
   */
  reach({ functionName, qualifier }: InvocationTarget, sourceArn?: string): Reached {
    const lambda = this.functions.get(functionName);
    if (lambda === undefined) return { refused: `there is no function ${functionName}` };
    const version = this.versionOf(lambda, qualifier);
    if (version === undefined) {
      return { refused: `function ${functionName} has no alias or version ${qualifier}` };
    }
    const cannotRun = this.notRun.get(keyOf(version))?.reason;
    if (cannotRun !== undefined) {
      const refused = `function ${functionName} cannot be run here, though it can in AWS: ${cannotRun}`;
      return { functionVersion: version.version, refused };
    }
    if (lambda.isStopped) {
      const refused = `function ${functionName} has 0 reserved executions: Lambda throttles every invocation`;
      return { functionVersion: version.version, refused };
    }
    const refused = sourceArn === undefined ? undefined : this.refusal(lambda, qualifier, sourceArn);
    if (refused !== undefined) return { functionVersion: version.version, refused };
    return this.reached(lambda, qualifier, version);
  }

  private reached({ arn }: LambdaFunction, qualifier: string | undefined, version: FunctionVersion): Reached {
    const invokedArn = qualifier === undefined ? arn : `${arn}:${qualifier}`;
    return {
      functionVersion: version.version,
      invoke: (event, traceId, onChunk) => {
        const run = () => this.poolOf(version).invoke(JSON.stringify(event), invokedArn, traceId, onChunk);
        return this.invoke(version, qualifier, run);
      },
    };
  }

  private invoke(
    version: FunctionVersion,
    qualifier: string | undefined,
    run: () => Promise<Outcome>,
  ): Promise<Outcome> {
    const { invocations } = this.options;
    if (invocations === undefined) return run();
    const invoked = { functionName: version.functionName, qualifier, version: version.version };
    return invocations.invoke(invoked, version.timeoutSeconds * 1000, run);
  }

  private versionOf({ versions, aliases }: LambdaFunction, qualifier = "$LATEST") {
    const alias = aliases.get(qualifier);
    return versions.get(alias === undefined ? qualifier : drawVersion(alias, this.random));
  }

  private poolOf(version: FunctionVersion): FunctionPool {
    const key = keyOf(version);
    const before = this.pools.get(key);
    if (before !== undefined) return before;
    const { functionName } = version;
    const unpacked = this.unpacked.get(key) as Unpacked;
    const pool = new FunctionPool(
      version,
      unpacked.folder,
      (line) => this.onLog(functionName, line, version.version),
      { ...layerVariables(version, unpacked), ...this.options.variables?.(version) },
    );
    this.pools.set(key, pool);
    return pool;
  }

  private refusal(lambda: LambdaFunction, qualifier: string | undefined, sourceArn: string) {
    const key = `${lambda.name}:${qualifier} ${sourceArn}`;
    if (!this.refusals.has(key)) {
      this.refusals.set(key, refusal(lambda.permissions, lambda.name, qualifier, sourceArn));
    }
    return this.refusals.get(key);
  }

  close(): void {
    for (const pool of this.pools.values()) pool.close(true);
    this.code.close();
  }
}

function keyOf({ functionName, version }: Pick<FunctionVersion, "functionName" | "version">): string {
  return `${functionName}:${version}`;
}

/** Whether a version is as it was, and is called further on: a function with aliases is called by them. */
function goesOn(before: FunctionVersion, { versions, aliases }: LambdaFunction): boolean {
  const { version } = before;
  if (!isDeepStrictEqual(versions.get(version), before)) return false;
  if (version === "$LATEST" || aliases.size === 0) return true;
  return [...aliases.values()].some((alias) => [alias.version, alias.additional?.version].includes(version));
}
