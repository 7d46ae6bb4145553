import { setTimeout as pause } from "node:timers/promises";
import { RealClock } from "../../../src/rehearsal/codedeploy/clock";
import { VirtualClock } from "../../../src/rehearsal/codedeploy/virtual-clock";

describe("a virtual clock", () => {
  it("wakes sleepers in the order of their times, each at its own", async () => {
    const clock = new VirtualClock({ startsAt: new Date(0) });
    const woken: string[] = [];
    const sleep = async (name: string, ms: number) => {
      await clock.sleep(ms);
      woken.push(`${name} ${clock.now().getTime()}`);
    };
    sleep("late", 3000);
    sleep("early", 1000).then(() => sleep("again", 1000));
    sleep("never", 3001);
    await clock.advance(3000);
    expect(woken).toEqual(["early 1000", "again 2000", "late 3000"]);
    expect(clock.now().getTime()).toBe(3000);
  });

  it("stands still while real work is done, and while other work follows from it", async () => {
    const clock = new VirtualClock({ startsAt: new Date(0) });
    const seen: number[] = [];
    const work = async () => {
      for (let step = 0; step < 3; step++) {
        await clock.during(pause(5));
        seen.push(clock.now().getTime());
      }
      await clock.sleep(500);
      seen.push(clock.now().getTime());
    };
    work();
    clock.sleep(400);
    await clock.advance(1000);
    expect(seen).toEqual([0, 0, 0, 500]);
  });

  it("waits for an answer as long as its patience lasts", async () => {
    const clock = new VirtualClock({ startsAt: new Date(0), patienceMs: 30 });
    let answeredAt: number | undefined;
    clock.awaiting(pause(5)).then(() => {
      answeredAt = clock.now().getTime();
    });
    clock.awaiting(new Promise(() => {}));
    clock.sleep(100);
    await clock.advance(1000);
    expect(answeredAt).toBe(0);
    expect(clock.now().getTime()).toBe(1000);
  });

  it("goes on after work that fails", async () => {
    const clock = new VirtualClock({ startsAt: new Date(0) });
    const failing = clock.during(Promise.reject(new Error("no")));
    await clock.advance(1000);
    await expect(failing).rejects.toThrow("no");
    expect(clock.now().getTime()).toBe(1000);
  });
});

describe.each([
  ["virtual", new VirtualClock()],
  ["real", new RealClock()],
])("a %s clock", (_, clock) => {
  it("ends a sleep by a signal, also by one that was given before", async () => {
    const signal = new AbortController();
    const sleeping = Promise.all([
      clock.sleep(60_000, signal.signal),
      clock.sleep(60_000, AbortSignal.abort()),
    ]);
    signal.abort();
    await sleeping;
  });
});

describe("a real clock", () => {
  it("goes faster by its speed", async () => {
    const clock = new RealClock(600);
    const before = clock.now().getTime();
    await clock.sleep(60_000);
    const passed = clock.now().getTime() - before;
    expect(passed).toBeGreaterThanOrEqual(59_000);
    expect(passed).toBeLessThan(600_000);
  });
});
