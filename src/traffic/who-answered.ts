/** A request that was answered. */
export interface AnsweredRequest {
  /** API Gateway's id of it, from the response header `x-amzn-requestid`. */
  readonly id: string;
  /** Its status is 400 or more. */
  readonly failed: boolean;
}

/** The requests of one run. */
export interface SentRequests {
  readonly requests: readonly AnsweredRequest[];
  readonly from: Date;
  readonly to: Date;
}

/** The version of each request, by API Gateway's id. A request of which nothing is known is not in it. */
export interface ToldVersions {
  /** Who tells it: `the access log`. */
  readonly by: string;
  readonly versions: ReadonlyMap<string, string>;
}

/** How often each version was invoked, by anybody, where single requests cannot be told apart. */
export interface ToldInvocations {
  readonly by: string;
  readonly invocations: ReadonlyMap<string, number>;
}

/** Which version answered, where no response says it, or why that is not known. */
export type WhoAnswered = ToldVersions | ToldInvocations | { readonly unknown: string };

/** Asks whoever knows which version answered. */
export type AskWhoAnswered = (sent: SentRequests) => Promise<WhoAnswered>;

/** Where a rehearsal that serves names the versions of its last requests. No stage has a name with a dot. */
export const localAnswersPath = "/.rehearsal/answers";

/** The part of the requests that must be told of before a split is judged: of the rest nothing is known. */
const enough = 0.95;

/** Whether as many requests are told of as a split needs. */
export function isEnough(found: number, sent: number): boolean {
  return found >= sent * enough;
}

/** Whether an address is this machine's own. */
export function isLocal(url: string): boolean {
  return /^(localhost|\[::1\]|127(\.\d{1,3}){3})$/i.test(new URL(url).hostname);
}

/** Asks the rehearsal that serves an address of this machine. */
export function askRehearsal(url: string): AskWhoAnswered {
  return async ({ requests }) => {
    try {
      const response = await fetch(new URL(localAnswersPath, url), { signal: AbortSignal.timeout(10_000) });
      const told = (await response.json()) as Record<string, string>;
      const versions = requests.flatMap(({ id }): [string, string][] => {
        const version = told[id];
        return typeof version === "string" ? [[id, version]] : [];
      });
      if (versions.length > 0) return { by: "the rehearsal", versions: new Map(versions) };
    } catch {
      // Something else listens there.
    }
    return { unknown: `${new URL(url).origin} is no rehearsal that knows these requests` };
  };
}
