import { join } from "node:path";
import { Rehearsal } from "../rehearsal/rehearsal";
import { readConfiguration } from "../rehearsal/terraform/configuration";
import { sendTraffic } from "../rehearsal/traffic";

/**
 * Requests per second that a rehearsal answers, each by its handler, with a client beside it.
 *
 * @param folder a project that has been synthesized
 */
export async function requestsPerSecond(folder: string, stack: string, requests: number): Promise<number> {
  const rehearsal = new Rehearsal({ random: Math.random, onRequest: () => {}, onLog: () => {} });
  rehearsal.apply(readConfiguration(join(folder, "cdktf.out/stacks", stack, "cdk.tf.json")));
  const url = `${await rehearsal.listen()}/dev`;
  let failed = 0;
  const send = (count: number) =>
    sendTraffic({
      url,
      path: "/",
      requests: count,
      onResponse: ({ status }) => {
        if (status !== 200) failed++;
      },
    });
  // Until the pools have as many processes as they need.
  await send(Math.ceil(requests / 4));
  const startedAt = performance.now();
  await send(requests);
  const seconds = (performance.now() - startedAt) / 1000;
  await rehearsal.close();
  if (failed > 0) throw new Error(`${failed} requests of the rehearsal failed`);
  return requests / seconds;
}
