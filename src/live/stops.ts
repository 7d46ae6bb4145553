import { GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { noStops, readStops, type Stop, stopsParameter, withStop } from "../release/stops";
import { AwsError } from "./aws-error";
import { type Account, clientOf } from "./clients";

/** What was stopped of a service, in its SSM parameter. */
export class RecordedStops {
  private readonly ssm: SSMClient;
  private readonly name: string;

  /** @param release its name: `<service>-<environment>` */
  constructor(account: Account, release: string) {
    this.ssm = clientOf(SSMClient, account, "ssm");
    this.name = stopsParameter(release);
  }

  /** The latest first; none where the parameter is not there. */
  async read(): Promise<readonly Stop[]> {
    return readStops(await this.value());
  }

  /** Adds a stop, and makes the parameter anew where somebody deleted it. */
  async add(stop: Stop): Promise<void> {
    const Value = withStop(await this.value(), stop);
    await this.ssm.send(new PutParameterCommand({ Name: this.name, Value, Type: "String", Overwrite: true }));
  }

  close(): void {
    this.ssm.destroy();
  }

  private async value(): Promise<string> {
    try {
      const { Parameter } = await this.ssm.send(new GetParameterCommand({ Name: this.name }));
      return Parameter?.Value ?? noStops;
    } catch (error) {
      if (error instanceof AwsError && error.code === "ParameterNotFound") return noStops;
      throw error;
    }
  }
}
