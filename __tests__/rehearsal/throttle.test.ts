import { Throttle } from "../../src/rehearsal/api-gateway/throttle";

/** How many requests of ten are admitted at each moment, in milliseconds. */
function admitted(limits: { readonly rateLimit: number; readonly burstLimit: number }, times: number[]) {
  const throttle = new Throttle(limits, 0);
  return times.map((now) => Array.from({ length: 10 }, () => throttle.admits(now)).filter(Boolean).length);
}

test("a throttle admits its burst at once, and after that what its rate gives", () => {
  expect(admitted({ rateLimit: 2, burstLimit: 3 }, [0, 0, 400, 500, 1500])).toEqual([3, 0, 0, 1, 2]);
});

test("a long pause saves up no more than the burst", () => {
  expect(admitted({ rateLimit: 2, burstLimit: 3 }, [0, 3_600_000, 3_600_500])).toEqual([3, 3, 1]);
});
