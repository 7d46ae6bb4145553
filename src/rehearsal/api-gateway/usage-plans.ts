import { generatedId } from "../account";
import type { AppliedState } from "../terraform/applied-state";
import type { Throttling } from "./stage";

/** An API key: in AWS its value is known to whoever may read it, here it is the same at every run. */
export interface ApiKey {
  readonly id: string;
  /** As Terraform names it, or its id where it was there before. */
  readonly name: string;
  readonly value: string;
}

/** A usage plan of a stage. */
export interface UsagePlan {
  readonly id: string;
  readonly name: string;
  readonly keys: readonly ApiKey[];
  /** Of each key. @default - the stage's alone */
  readonly throttling?: Throttling;
  /** Requests of each key in a period. @default - any number */
  readonly quota?: { readonly limit: number; readonly periodMs: number };
}

const day = 24 * 60 * 60 * 1000;
const periods: Readonly<Record<string, number>> = { DAY: day, WEEK: 7 * day, MONTH: 30 * day };

/** The usage plans of an API's stage. */
export function usagePlansOf(state: AppliedState, apiId: string, stageName: string): UsagePlan[] {
  const names = new Map(
    state.ofType("aws_api_gateway_api_key").map(({ attributes }) => [attributes["id"], attributes["name"]]),
  );
  const planKeys = state.ofType("aws_api_gateway_usage_plan_key");
  return state
    .ofType("aws_api_gateway_usage_plan")
    .filter(({ attributes }) =>
      listOf(attributes["api_stages"]).some((one) => one["api_id"] === apiId && one["stage"] === stageName),
    )
    .map(({ attributes }) => {
      const [throttle] = listOf(attributes["throttle_settings"]);
      const [quota] = listOf(attributes["quota_settings"]);
      const keys = planKeys.filter((one) => one.attributes["usage_plan_id"] === attributes["id"]);
      return {
        id: String(attributes["id"]),
        name: String(attributes["name"]),
        keys: keys.map(({ attributes: { key_id: id } }) => ({
          id: String(id),
          name: String(names.get(id) ?? id),
          value: generatedId(`value of ${id}`, 40),
        })),
        throttling: throttle && {
          rateLimit: Number(throttle["rate_limit"]),
          burstLimit: Number(throttle["burst_limit"]),
        },
        quota: quota && {
          limit: Number(quota["limit"]),
          periodMs: periods[String(quota["period"])] ?? day,
        },
      };
    });
}

/** Terraform's JSON has a block alone or in a list. */
function listOf(value: unknown): Readonly<Record<string, unknown>>[] {
  return value === undefined || value === null ? [] : ([value].flat() as Record<string, unknown>[]);
}
