import { RequestTally } from "../../src/dashboard/request-tally";

const begin = Date.parse("2026-11-28T09:00:00Z");

/** A tally on a clock of its own, and requests of it. */
function tallied(shares: Readonly<Record<string, number>>) {
  let now = begin;
  const tally = new RequestTally(() => new Date(now));
  const apply = (of: Readonly<Record<string, number>>) =>
    tally.applied(Object.entries(of).map(([version, percent]) => ({ version, percent })));
  const send = (count: number, version: string | undefined, status = 200) => {
    for (let sent = 0; sent < count; sent++)
      tally.add({ at: new Date(now), method: "GET", path: "/", version, status, latencyMs: sent + 1 });
  };
  apply(shares);
  return {
    apply,
    send,
    wait: (seconds: number) => {
      now += seconds * 1000;
    },
    now: () => tally.tally(),
  };
}

test("counts what reached each version, beside what is expected of so many requests", () => {
  const { send, now } = tallied({ v1: 90, v2: 10 });
  send(90, "v1");
  send(9, "v2");
  send(1, "v2", 502);
  send(3, undefined, 403);
  const { versions, requests, unreached, verdict } = now();
  expect({ requests, unreached }).toEqual({ requests: 103, unreached: 3 });
  expect(versions).toMatchObject([
    { version: "v1", expected: 90, requests: 90, share: 90, failed: 0, p50: 45, p95: 86 },
    { version: "v2", expected: 10, requests: 10, share: 10, failed: 1, within: { low: 5, high: 16 } },
  ]);
  expect(verdict).toMatchObject({ isOk: false, text: expect.stringContaining("1 request failed.") });
});

test("begins anew with other shares, and goes on where the same are applied again", () => {
  const { send, apply, wait, now } = tallied({ v1: 90, v2: 10 });
  send(10, "v1");
  wait(5);
  apply({ v1: 90, v2: 10 });
  expect(now().requests).toBe(10);
  apply({ v1: 50, v2: 50 });
  expect(now()).toMatchObject({ requests: 0, since: new Date(begin + 5000), verdict: undefined });
});

test("has the last minute, second by second, and the newest requests first", () => {
  const { send, wait, now } = tallied({ v1: 100 });
  send(2, "v1");
  wait(59);
  send(1, "v2");
  const { seconds, last } = now();
  expect(seconds).toHaveLength(60);
  expect([seconds[0]?.get("v1"), seconds[59]?.get("v2")]).toEqual([2, 1]);
  expect(last.map(({ version }) => version)).toEqual(["v2", "v1", "v1"]);
  wait(1);
  expect(now().seconds[0]?.size).toBe(0);
});
