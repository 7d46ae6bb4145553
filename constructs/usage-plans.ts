import { ApiGatewayApiKey } from "@cdktf/provider-aws/lib/api-gateway-api-key";
import { ApiGatewayUsagePlan } from "@cdktf/provider-aws/lib/api-gateway-usage-plan";
import { ApiGatewayUsagePlanKey } from "@cdktf/provider-aws/lib/api-gateway-usage-plan-key";
import { Construct } from "constructs";
import type { UsagePlansInFile } from "../src/release/schema/usage-plans";
import type { ServiceApi } from "./service-api";

export interface UsagePlansProps {
  /** What the names of plans and keys begin with. */
  readonly name: string;
  /** The API of the stage. */
  readonly api: ServiceApi;
  /** Name of the stage, as a reference: the plans wait for it, and go before it. */
  readonly stageName: string;
  /** The plans by name. */
  readonly plans: UsagePlansInFile;
  /** Ids of the keys that another stage has made, by their names. @default - the keys are made */
  readonly madeKeys?: ReadonlyMap<string, string>;
}

/** The usage plans of one stage, with their API keys. AWS generates the value of a key. */
export class UsagePlans extends Construct {
  /** Ids of the keys that the file names, by their names. */
  readonly madeKeys: ReadonlyMap<string, string>;

  constructor(scope: Construct, id: string, props: UsagePlansProps) {
    super(scope, id);
    const { name, api, stageName, plans } = props;
    this.madeKeys = props.madeKeys ?? this.makeKeys(name, plans);
    for (const [planName, { throttling, quota, keys, keyIds }] of Object.entries(plans)) {
      const scopeOfPlan = new Construct(this, `plan-${planName}`);
      const plan = new ApiGatewayUsagePlan(scopeOfPlan, "Resource", {
        name: `${name}-${planName}`,
        apiStages: [{ apiId: api.id, stage: stageName }],
        throttleSettings: throttling,
        quotaSettings: quota,
      });
      const ids = [
        ...keys.map((key) => [`key-${key}`, this.madeKeys.get(key) as string] as const),
        ...keyIds.map((key) => [`key-id-${key}`, key] as const),
      ];
      for (const [constructId, keyId] of ids) {
        new ApiGatewayUsagePlanKey(scopeOfPlan, constructId, {
          usagePlanId: plan.id,
          keyId,
          keyType: "API_KEY",
        });
      }
    }
  }

  private makeKeys(name: string, plans: UsagePlansInFile): ReadonlyMap<string, string> {
    const keys = new Construct(this, "keys");
    const names = Object.values(plans).flatMap((plan) => plan.keys);
    return new Map(names.map((key) => [key, new ApiGatewayApiKey(keys, key, { name: `${name}-${key}` }).id]));
  }
}
