import { rmSync } from "node:fs";
import { stopProviders } from "../support/provider-process";
import { stopAws } from "./aws-of-plans";
import { givenWorkers } from "./workers";

export default function teardown(): void {
  stopProviders();
  stopAws();
  if (process.env["PLANS_SKIPPED_BECAUSE"] === undefined)
    rmSync(givenWorkers().initialized, { recursive: true, force: true });
}
