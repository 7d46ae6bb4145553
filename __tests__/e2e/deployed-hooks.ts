import { join } from "node:path";
import { type LambdaApi, LambdaError } from "../../src/rehearsal/codedeploy/lambda-api";
import { FunctionPool } from "../../src/rehearsal/lambda/function-pool";
import type { DeployedProject } from "./deployed-project";

/** The attributes of a function in Terraform's state. */
interface DeployedFunction {
  readonly function_name: string;
  readonly arn: string;
  readonly runtime: string;
  readonly handler: string;
  readonly memory_size: number;
  readonly timeout: number;
  readonly environment: readonly { readonly variables: Readonly<Record<string, string>> }[];
}

/**
 * Lambda in front of the hooks that a project has deployed, where the local AWS runs no functions: each runs as a
 * process, out of its package, with the settings that Terraform has given it.
 */
export class DeployedHooks implements LambdaApi {
  private readonly pools: FunctionPool[] = [];
  /** What the hooks have printed. */
  readonly lines: string[] = [];

  /** @param variables beside a function's own, or in place of them */
  constructor(
    private readonly project: DeployedProject,
    private readonly variables: Readonly<Record<string, string>>,
  ) {}

  async start(functionName: string, event: object): Promise<void> {
    const found = (this.project.attributes("aws_lambda_function") as unknown as DeployedFunction[]).find(
      ({ arn, function_name }) => [arn, function_name].includes(functionName),
    );
    if (found === undefined)
      throw new LambdaError("ResourceNotFoundException", `Function not found: ${functionName}`);
    const outcome = this.poolOf(found).invoke(JSON.stringify(event), found.arn);
    outcome.then((ended) => {
      if (!ended.ok) this.lines.push(ended.error);
    });
  }

  getAlias(): never {
    throw new Error("a hook has no alias");
  }

  updateAlias(): never {
    throw new Error("a hook has no alias");
  }

  close(): void {
    for (const pool of this.pools) pool.close(true);
  }

  private poolOf(found: DeployedFunction): FunctionPool {
    const folder = join(this.project.stackFolder, "packages", found.function_name);
    const lambda = {
      version: "$LATEST",
      functionName: found.function_name,
      region: "eu-central-1",
      runtime: found.runtime,
      handler: found.handler,
      memoryMb: found.memory_size,
      timeoutSeconds: found.timeout,
      environment: found.environment[0]?.variables ?? {},
    };
    const pool = new FunctionPool(lambda, folder, (line) => this.lines.push(line), this.variables);
    this.pools.push(pool);
    return pool;
  }
}
