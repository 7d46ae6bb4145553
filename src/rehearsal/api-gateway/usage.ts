import { failure, type GatewayAnswer } from "./gateway-response";
import type { Stage } from "./stage";
import { Throttle } from "./throttle";
import type { ApiKey, UsagePlan } from "./usage-plans";

/** What a key has used of its plan. */
interface Used {
  readonly throttle?: Throttle;
  /** When the quota's period began. */
  since: number;
  requests: number;
}

/** Counts what each API key uses of its plan, across applies. */
export class Usage {
  private readonly used = new Map<string, Used>();

  /** @param now milliseconds of a clock that does not go back */
  constructor(private readonly now: () => number) {}

  /**
   * Lets a request through that has a key of one of the stage's plans, as far as the plan admits.
   *
   * @param value the key
   * @param from what gave it, or should have
   */
  admit(
    { name, usagePlans }: Stage,
    value: string | undefined,
    from: string,
  ): { readonly apiKey: ApiKey } | GatewayAnswer {
    if (value === undefined) return failure("INVALID_API_KEY", `there is no ${from}`);
    for (const plan of usagePlans) {
      const apiKey = plan.keys.find((one) => one.value === value);
      if (apiKey !== undefined) return this.count(plan, apiKey) ?? { apiKey };
    }
    return failure("INVALID_API_KEY", `the ${from} is of no usage plan of the stage ${name}`);
  }

  private count(plan: UsagePlan, { id, name }: ApiKey): GatewayAnswer | undefined {
    const now = this.now();
    const used = this.usedOf(plan, id, now);
    if (used.throttle?.admits(now) === false) {
      return failure("THROTTLED", `the usage plan ${plan.name} throttles the key ${name}`);
    }
    const { quota } = plan;
    if (quota === undefined) return undefined;
    if (now - used.since >= quota.periodMs) Object.assign(used, { since: now, requests: 0 });
    used.requests += 1;
    if (used.requests <= quota.limit) return undefined;
    return failure("QUOTA_EXCEEDED", `the key ${name} has used its quota of the usage plan ${plan.name}`);
  }

  private usedOf({ id, throttling, quota }: UsagePlan, keyId: string, now: number): Used {
    const key = JSON.stringify([id, keyId, throttling, quota]);
    const known = this.used.get(key);
    if (known !== undefined) return known;
    const used = { throttle: throttling && new Throttle(throttling, now), since: now, requests: 0 };
    this.used.set(key, used);
    return used;
  }
}
