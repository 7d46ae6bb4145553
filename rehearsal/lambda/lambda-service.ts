import { join } from "node:path";
import { CodeStore } from "./code-store";
import { type LambdaFunction, refusal } from "./function";
import { FunctionPool } from "./function-pool";
import type { Outcome } from "./invocation";

/** How an invocation that API Gateway asked for ended. */
export type InvokeResult = Outcome | { readonly ok: false; readonly refused: string };

/** The functions of the last apply, running. */
export class LambdaService {
  private readonly code = new CodeStore();
  private functions: ReadonlyMap<string, LambdaFunction> = new Map();
  private pools = new Map<string, FunctionPool>();
  /** Why a function refuses a source, of those that have asked since the last apply. */
  private refusals = new Map<string, string | undefined>();

  /** @param onLog gets each line that a function prints */
  constructor(private readonly onLog: (functionName: string, line: string) => void) {}

  /**
   * Puts the functions of an apply in place. One that is as it was goes on as it is, with what its handler
   * keeps in memory; the calls of a changed one are finished by the old code.
   *
   * @param folder what the functions' source folders are relative to
   */
  apply(functions: ReadonlyMap<string, LambdaFunction>, folder: string): void {
    const pools = new Map<string, FunctionPool>();
    for (const [name, lambda] of functions) {
      const before = this.pools.get(name);
      pools.set(
        name,
        before !== undefined && isSame(before.lambda, lambda) ? before : this.start(lambda, folder),
      );
    }
    for (const [name, pool] of this.pools) if (pools.get(name) !== pool) pool.close();
    this.functions = functions;
    this.pools = pools;
    this.refusals = new Map();
  }

  /**
   * Invokes a function for API Gateway.
   *
   * @param sourceArn the request, as the function's resource policy sees it
   */
  async invoke(name: string, sourceArn: string, event: object): Promise<InvokeResult> {
    const lambda = this.functions.get(name);
    const pool = this.pools.get(name);
    if (lambda === undefined || pool === undefined)
      return { ok: false, refused: `there is no function ${name}` };
    const refused = this.refusal(lambda, sourceArn);
    if (refused !== undefined) return { ok: false, refused };
    return pool.invoke(JSON.stringify(event));
  }

  private start(lambda: LambdaFunction, folder: string): FunctionPool {
    const code = this.code.keep(join(folder, lambda.sourceDir), lambda.codeDigest);
    return new FunctionPool(lambda, code, (line) => this.onLog(lambda.name, line));
  }

  private refusal(lambda: LambdaFunction, sourceArn: string): string | undefined {
    const key = `${lambda.name} ${sourceArn}`;
    if (!this.refusals.has(key)) this.refusals.set(key, refusal(lambda, sourceArn));
    return this.refusals.get(key);
  }

  close(): void {
    for (const pool of this.pools.values()) pool.close(true);
    this.code.close();
  }
}

/** Whether nothing but its permissions differs: its code, its settings. */
function isSame(before: LambdaFunction, after: LambdaFunction): boolean {
  const { permissions: _, ...one } = before;
  const { permissions: __, ...other } = after;
  return JSON.stringify(one) === JSON.stringify(other);
}
