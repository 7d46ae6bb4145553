import { defaultVerdict, type VerdictSettings } from "../../src/release/alarms/verdict";
import { type Minute, verdictOf } from "../../src/verdict/verdict";

/** A minute at 10 requests a second, of which the canary has a tenth. */
function minute(failedOfStable: number, failedOfCanary: number, canary = 60): Minute {
  const alike = { stable: 40, canary: 40 };
  return {
    stable: { requests: 540, failed: failedOfStable },
    canary: { requests: canary, failed: failedOfCanary },
    latency: { p50: alike, p95: alike },
    own: [],
  };
}

const many = (count: number, one: Minute) => Array.from({ length: count }, () => one);
const verdict = (minutes: readonly Minute[], settings: Partial<VerdictSettings> = {}) =>
  verdictOf(minutes, { ...defaultVerdict, ...settings });
const failedAnswers = (minutes: readonly Minute[]) => verdict(minutes).comparisons[0];

describe("a canary", () => {
  test("is not judged before there is anything", () => {
    expect(verdict([])).toMatchObject({ answer: "not enough yet", minutes: 0 });
  });

  test("that fails from its first minute on is worse after a few failures", () => {
    expect(verdict(many(3, minute(0, 1))).answer).toBe("not enough yet");
    expect(verdict(many(6, minute(0, 1))).answer).toBe("worse");
  });

  test("that begins to fail after days is worse soon, and stays so", () => {
    const good = many(2 * 1440, minute(1, 0));
    const bad = many(4, minute(1, 6));
    expect(verdict(good).answer).toBe("as good");
    const found = verdict([...good, ...bad]);
    expect(found.answer).toBe("worse");
    // The minutes that are shown are those that speak against it.
    expect(found.comparisons[0]?.of?.canary.requests).toBeLessThan(1000);
    // And stay those that it was found by.
    expect(failedAnswers([...good, ...many(20, minute(1, 6))])?.of).toEqual(found.comparisons[0]?.of);
    expect(verdict([...good, ...bad, ...good]).answer).toBe("worse");
  });

  test("is as good beside a stable that fails too, however much", () => {
    expect(verdict(many(60, minute(270, 30))).answer).toBe("as good");
  });

  test("is not worse by a difference that is sure and too small to matter", () => {
    // 0.02 % beside 0.005 %, at a thousand requests a second.
    const small: Minute = {
      ...minute(0, 0),
      stable: { requests: 54_000, failed: 3 },
      canary: { requests: 6_000, failed: 1 },
    };
    expect(failedAnswers(many(1440, small))).toMatchObject({ answer: "as good" });
    expect(failedAnswers(many(1440, small))?.evidence.worse).toBeGreaterThan(300);
  });

  test("has an outlook by the last 15 minutes alone", () => {
    const before = many(10, minute(0, 0));
    const none = (minutes: number) => failedAnswers([...before, ...many(minutes, minute(0, 0, 0))]);
    expect([none(14)?.seen, none(15)?.seen]).toEqual([expect.anything(), undefined]);
  });

  test("is not judged while it, or stable, has no requests", () => {
    const none: Minute = { ...minute(5, 0, 0), latency: { p50: {}, p95: {} } };
    expect(verdict(many(1440, none)).answer).toBe("not enough yet");
    const alone: Minute = {
      ...minute(0, 30, 600),
      stable: { requests: 0, failed: 0 },
      latency: { p50: {}, p95: {} },
    };
    expect(verdict(many(1440, alone)).answer).toBe("not enough yet");
  });

  test("is judged the same with gaps between the minutes", () => {
    const gap = { ...minute(0, 0, 0), stable: { requests: 0, failed: 0 }, latency: { p50: {}, p95: {} } };
    const some = many(5, minute(0, 1));
    const gapped = some.flatMap((one) => [one, gap, gap]);
    expect(failedAnswers(gapped)?.evidence).toEqual(failedAnswers(some)?.evidence);
  });

  test("must have answered the least number of requests to be as good", () => {
    const settings = { leastRequests: 1_000_000 };
    expect(verdict(many(600, minute(1, 0)), settings)).toMatchObject({
      answer: "not enough yet",
      why: "the canary has answered 36000 of at least 1000000 requests",
    });
    expect(verdict(many(6, minute(0, 5)), settings).answer).toBe("worse");
  });
});

test("latency is left out, and does not hold the answer back, where a minute has too few requests", () => {
  const few: Minute = { ...minute(1, 0), latency: { p50: {}, p95: {} } };
  const { answer, comparisons } = verdict(many(600, few));
  expect(answer).toBe("as good");
  expect(comparisons.map(({ leftOut }) => leftOut !== undefined)).toEqual([false, true, true]);
});

test("each comparison more needs more evidence, so that all together are wrong no more often", () => {
  const needed = (settings: Partial<VerdictSettings>) =>
    verdict([], settings).comparisons.map(({ needed }) => needed.worse);
  expect(needed({ latency: false })).toEqual([100]);
  expect(needed({})).toEqual([300, 300, 300]);
});

describe("what is waited for", () => {
  test("comes about as soon as it is said", () => {
    const minutes = many(10, minute(0, 0));
    const { minutesToAsGood = 0 } = failedAnswers(minutes) ?? {};
    const later = (more: number) => failedAnswers([...minutes, ...many(more, minute(0, 0))])?.answer;
    expect(later(Math.ceil(minutesToAsGood * 0.7))).toBe("not enough yet");
    expect(later(Math.ceil(minutesToAsGood * 1.1))).toBe("as good");
  });

  test("is the smallest difference that matters, and comes about as soon", () => {
    const start = [
      { ...minute(0, 0), stable: { requests: 5400, failed: 54 }, canary: { requests: 600, failed: 6 } },
    ];
    const bad = {
      ...minute(0, 0),
      stable: { requests: 5400, failed: 54 },
      canary: { requests: 600, failed: 12 },
    };
    const { seen } = failedAnswers(start) ?? {};
    expect(seen).toMatchObject({ stable: 0.01, canary: 0.02 });
    const later = (more: number) => failedAnswers([...start, ...many(more, bad)])?.answer;
    expect(later(Math.ceil((seen?.minutes ?? 0) * 0.5))).toBe("not enough yet");
    expect(later(Math.ceil((seen?.minutes ?? 0) * 1.5))).toBe("worse");
  });
});
