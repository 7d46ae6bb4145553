/** What a worker of Jest plans with, for one test file after another. */
export interface PlansWorker {
  /** What leads Terraform to the worker's AWS provider. */
  readonly variables: Readonly<Record<string, string>>;
  /** Where the worker's AWS answers. */
  readonly awsUrl: string;
}

interface PlansWorkers {
  /** A folder in which `terraform init` has installed the providers. */
  readonly initialized: string;
  /** Whether the archive provider is one of them, so that the stacks are planned as they are. */
  readonly withArchive: boolean;
  readonly workers: readonly PlansWorker[];
}

const variable = "PLANS_WORKERS";

/** Has every worker of Jest that starts from now on know them. */
export function giveWorkers(workers: PlansWorkers): void {
  process.env[variable] = JSON.stringify(workers);
}

export function givenWorkers(): PlansWorkers {
  return JSON.parse(process.env[variable] ?? "{}") as PlansWorkers;
}

/** The one of this process. */
export function ownWorker(): PlansWorker {
  const { workers } = givenWorkers();
  const own = workers[Number(process.env["JEST_WORKER_ID"]) - 1];
  if (own === undefined)
    throw new Error(`there is no AWS provider for worker ${process.env["JEST_WORKER_ID"]}`);
  return own;
}
