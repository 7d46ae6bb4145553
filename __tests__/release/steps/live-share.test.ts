import { isSameShare, readShare } from "../../../src/release/steps/live-share";
import { bakesUntil } from "../../../src/release/steps/steps";

const share = { version: "v2", percent: 10, since: "2026-11-27T10:00:00Z" };

test("a recorded share is read, and what is none is no share", () => {
  const recorded = { ...share, at: "2026-11-27T10:41:07Z" };
  expect(readShare(JSON.stringify(recorded))).toEqual(recorded);
  for (const other of ["", "{}", "null", "[]", "7", '{"version":"v2","percent":10,"at":"soon"}', "no json"])
    expect([other, readShare(other)]).toEqual([other, undefined]);
});

test("a recorded share counts for the same version, percent and decision alone", () => {
  expect(isSameShare(share, { ...share, since: "2026-11-27T11:00:00+01:00" })).toBe(true);
  const others = [
    { ...share, version: "v3" },
    { ...share, percent: 25 },
    { ...share, since: "2026-11-27T10:00:01Z" },
    { ...share, since: undefined },
  ];
  for (const other of [...others, undefined])
    expect([other, isSameShare(share, other)]).toEqual([other, false]);
});

test("a bake time begins when the share was decided and is live", () => {
  const release = { steps: [{ percent: 10, bakeMinutes: 30 }], canary: share };
  const until = (live?: string) => bakesUntil(release, live === undefined ? undefined : new Date(live));
  expect(until()).toEqual(new Date("2026-11-27T10:30:00Z"));
  expect(until("2026-11-27T10:41:07Z")).toEqual(new Date("2026-11-27T11:11:07Z"));
  expect(until("2026-11-27T09:59:58Z")).toEqual(new Date("2026-11-27T10:30:00Z"));
});
