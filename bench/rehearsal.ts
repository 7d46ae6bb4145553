import { join } from "node:path";
import { Rehearsal } from "../src/rehearsal/rehearsal";
import { readConfiguration } from "../src/rehearsal/terraform/configuration";
import { sendTraffic, type TrafficResponse } from "../src/traffic/traffic";

/**
 * Requests per second that a rehearsal answers in each round, all by their handlers, with a client beside it.
 *
 * @param folder a project that has been synthesized
 * @param requests of a round
 */
export async function requestsPerSecond(
  folder: string,
  stack: string,
  requests: number,
  rounds: number,
): Promise<number[]> {
  const rehearsal = new Rehearsal({ random: Math.random, onRequest: () => {}, onLog: () => {} });
  rehearsal.apply(readConfiguration(join(folder, "cdktf.out/stacks", stack, "cdk.tf.json")));
  const url = `${await rehearsal.listen()}/dev`;
  const send = async (count: number) => {
    let answered = 0;
    const onResponse = ({ status }: TrafficResponse) => {
      if (status === 200) answered++;
    };
    await sendTraffic({ url, request: { path: "/" }, requests: count, onResponse });
    return answered;
  };
  // Until the pools have as many processes as they need.
  await send(Math.ceil(requests / 4));
  const perSecond: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now();
    // Beyond 10,000 a second the stage is throttled: those are not counted.
    const answered = await send(requests);
    perSecond.push((answered * 1000) / (performance.now() - startedAt));
  }
  await rehearsal.close();
  return perSecond;
}
