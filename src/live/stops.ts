import { SSMClient } from "@aws-sdk/client-ssm";
import { noStops, readStops, type Stop, stopsParameter, withStop } from "../release/steps/stops";
import { type Account, clientOf } from "./clients";
import { readParameter, writeParameter } from "./parameter";

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
    await writeParameter(this.ssm, this.name, withStop(await this.value(), stop));
  }

  close(): void {
    this.ssm.destroy();
  }

  private async value(): Promise<string> {
    return (await readParameter(this.ssm, this.name)) ?? noStops;
  }
}
