import { join } from "node:path";
import { readConfiguration } from "../../src/rehearsal/terraform/configuration";
import { countTriggers } from "../../src/rehearsal/triggers";
import { synthesizeFiles } from "../support/project";
import { RehearsedShop } from "../support/rehearse";
import { shopWithTriggers } from "../support/triggers";

const files = shopWithTriggers({ versions: [1] });

test("a stack with triggers of every kind serves requests, as one without does", async () => {
  const rehearsed = await RehearsedShop.of(files);
  expect((await rehearsed.fetch("/dev/")).status).toBe(200);
});

test("each trigger counts once, whatever it is made of", async () => {
  const outdir = await synthesizeFiles(files);
  expect(countTriggers(readConfiguration(join(outdir, "stacks/shop-dev/cdk.tf.json")))).toBe(6);
});
