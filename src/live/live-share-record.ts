import { SSMClient } from "@aws-sdk/client-ssm";
import { noShare, type RecordedShare, readShare, shareParameter } from "../release/steps/live-share";
import { type Account, clientOf } from "./clients";
import { readParameter, writeParameter } from "./parameter";

/** Since when a share is live, in the SSM parameter of a service whose aliases split and a guard watches. */
export class LiveShareRecord {
  private readonly ssm: SSMClient;
  private readonly name: string;

  /** @param release its name: `<service>-<environment>` */
  constructor(account: Account, release: string) {
    this.ssm = clientOf(SSMClient, account, "ssm");
    this.name = shareParameter(release);
  }

  /** Nothing where no share is recorded. */
  async read(): Promise<RecordedShare | undefined> {
    return readShare((await readParameter(this.ssm, this.name)) ?? noShare);
  }

  /** @param share nothing where no version is on trial any more */
  async write(share: RecordedShare | undefined): Promise<void> {
    await writeParameter(this.ssm, this.name, share === undefined ? noShare : JSON.stringify(share));
  }

  close(): void {
    this.ssm.destroy();
  }
}
