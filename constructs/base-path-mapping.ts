import { ApiGatewayBasePathMapping } from "@cdktf/provider-aws/lib/api-gateway-base-path-mapping";
import { Construct } from "constructs";
import type { DomainAddress } from "../src/release/environment/domain";
import type { ApiStage } from "./api-stage";
import { Import } from "./import";
import type { ServiceApi } from "./service-api";

export interface BasePathMappingProps {
  /** Where on the domain. The domain exists: another stack, or another tool, created it. */
  readonly address: DomainAddress;
  /** The API that the domain leads to. */
  readonly api: ServiceApi;
  /** The stage that users call. */
  readonly stage: ApiStage;
  /** Whether the mapping is there and is imported. @default false */
  readonly adopted?: boolean;
}

/** Leads a path of a custom domain to a stage, by the stage's name: who serves is the stage's to say. */
export class BasePathMapping extends Construct {
  constructor(scope: Construct, id: string, { address, api, stage, adopted = false }: BasePathMappingProps) {
    super(scope, id);
    const { domainName, basePath } = address;
    const resource = new ApiGatewayBasePathMapping(this, "Resource", {
      domainName,
      apiId: api.id,
      stageName: stage.stageName,
      basePath: basePath === "" ? undefined : basePath,
    });
    if (adopted) new Import(this, "import", { to: resource, id: `${domainName}/${basePath}` });
  }
}
