/** Which version answered the last requests: what an access log and Lambda's counts tell in AWS. */
export class AnsweredRequests {
  private readonly versions = new Map<string, string | undefined>();

  /** @param most how many requests are remembered: a rehearsal may serve for days */
  constructor(private readonly most: number) {}

  /** @param requestId API Gateway's. @param version @default - it reached none */
  keep(requestId: string, version: string | undefined): void {
    this.versions.set(requestId, version);
    if (this.versions.size <= this.most) return;
    const [oldest = ""] = this.versions.keys();
    this.versions.delete(oldest);
  }

  /** @returns `undefined` for a request that reached no version, and for one that is not known */
  versionOf(requestId: string | undefined): string | undefined {
    return this.versions.get(requestId ?? "");
  }

  /** By API Gateway's ids, the requests that reached a version. */
  get all(): Readonly<Record<string, string>> {
    const reached = [...this.versions].filter((one): one is [string, string] => one[1] !== undefined);
    return Object.fromEntries(reached);
  }
}
