import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter";
import type { TerraformResourceLifecycle } from "cdktf";
import { Construct } from "constructs";
import type { Decided, Decision } from "../src/release/steps/decision";
import { noStops, stopsParameter } from "../src/release/steps/stops";

export interface RecordedStopsProps {
  /** Name of the release: `<service>-<environment>`. */
  readonly name: string;
  /** The service as people name it: `<environment>/<service>`. */
  readonly service: string;
}

type Precondition = NonNullable<TerraformResourceLifecycle["precondition"]>[number];

/**
 * The SSM parameter that holds which versions were stopped. Terraform makes it and reads it in each plan, and never
 * changes its value: the guard and `rollback --now` write it.
 */
export class RecordedStops extends Construct {
  /** ARN of the parameter. */
  readonly arn: string;
  /** In Terraform's language: the stops as a list. */
  private readonly stops: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RecordedStopsProps,
  ) {
    super(scope, id);
    const name = stopsParameter(props.name);
    const parameter = new SsmParameter(this, "Resource", {
      name,
      description: `Versions of ${props.service} that were stopped`,
      type: "String",
      insecureValue: noStops,
      lifecycle: { ignoreChanges: ["insecure_value", "value"] },
    });
    // Terraform reads a data source in each plan, also where it does not refresh resources.
    const data = new DataAwsSsmParameter(this, "value", { name, dependsOn: [parameter] });
    this.arn = parameter.arn;
    // A value that is not a list of stops, because it was written by hand, does not fail a plan.
    this.stops = `try([for stop in jsondecode(data.aws_ssm_parameter.${data.friendlyUniqueId}.insecure_value).stops : stop if can(timecmp(stop.at, stop.at)) && can(stop.version)], [])`;
  }

  /** Refuses a plan that gives users a version that was stopped, unless that was decided after the stop. */
  preconditions({ stable, canary }: Decision): Precondition[] {
    return [
      this.precondition(stable, "stableSince"),
      ...(canary === undefined ? [] : [this.precondition(canary, "canary.since")]),
    ];
  }

  private precondition({ version, since }: Decided, field: string): Precondition {
    const { service } = this.props;
    const ofVersion = `stop.version == "${version}"`;
    const isOver = since === undefined ? "" : ` && timecmp("${since}", stop.at) <= 0`;
    const decision =
      since === undefined
        ? `the file does not say when it was decided that users get it: write '${field}', the time in UTC`
        : `the decision of the file is older ('${field}' is ${since})`;
    const told = `[for stop in ${this.stops} : "\${stop.at} by \${try(stop.by, "somebody")} (\${try(stop.reason, "no reason given")})" if ${ofVersion}]`;
    return {
      condition: `\${length([for stop in ${this.stops} : stop if ${ofVersion}${isOver}]) == 0}`,
      errorMessage:
        `${version} of ${service} was stopped at \${join(", ", ${told})}, and ${decision}. ` +
        `Run 'lambda-release sync ${service}' to write the stop into the file. After the repair, 'start' it again.`,
    };
  }
}
