import { failuresOf } from "../../../src/rehearsal/rollout/minutes";
import { plotText } from "../../../src/rehearsal/rollout/plot";
import { plotSvg } from "../../../src/rehearsal/rollout/plot-svg";

const at = (fromMinute: number, toMinute: number, failed = 0) => ({
  fromMs: fromMinute * 60_000,
  toMs: toMinute * 60_000,
  failed,
});
/** Of so many minutes, the first two before the deployment; the fifth is divided by the stop. */
const failures = (count: number) =>
  Array.from({ length: count }, (_, index) => index - 2).flatMap((from) =>
    from === 2 ? [at(2, 2.5, 2), at(2.5, 3, 1)] : [at(from, from + 1, from === 1 ? 4 : 0)],
  );
const shares = [
  { atMs: 0, percent: 10 },
  { atMs: 150_000, percent: 0 },
];
const stop = { atMs: 150_000, text: "rolled back 2:30" };

test("the plot lines up, and marks where it was stopped", () => {
  expect(plotText({ failures: failures(6), shares, version: "2", stop }, 60)).toBe(
    [
      "share of version 2",
      "   10 % ┤                ████████████████████",
      "        │                ████████████████████",
      "    5 % ┤                ████████████████████",
      "    0 % ┤                ████████████████████",
      "        └────────────────────────────────────────────────",
      "failed requests per minute",
      "      4 ┤                        ████████",
      "        │                        ████████",
      "        │                        ████████████",
      "      0 ┤                        ████████████████",
      "        └────────────────────────────────────────────────",
      "         -2:00   -1:00   0:00    1:00    2:00    3:00",
      "                            rolled back 2:30 ▲",
    ].join("\n"),
  );
});

test.each([40, 60, 80, 120])("no line is longer than a terminal of %i columns", (width) => {
  for (const count of [1, 3, 10, 97, 500, 3000]) {
    const end = { atMs: (count - 3) * 60_000, text: "rolled back 100:00" };
    const lines = plotText({ failures: failures(count), shares, version: "2", stop: end }, width).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
  }
});

test.each([
  [[0.5], "1 %"],
  [[10], "10 %"],
  [[10, 0], "10 %"],
  [[12.5, 25], "50 %"],
  [[10, 55], "100 %"],
  [[10, 100], "100 %"],
])("the axis of a share of %j percent ends at %s", (percents, top) => {
  const some = percents.map((percent, index) => ({ atMs: index * 60_000, percent }));
  const plot = { failures: failures(6), shares: some, version: "2" };
  expect(plotText(plot, 80).split("\n")[1]?.trim()).toMatch(new RegExp(`^${top} ┤`));
  expect(plotSvg(plot, "shop-dev")).toContain(`>${top}</text>\n<g transform="rotate(-90 18 141)">`);
});

test("failures are counted by the minute, and before and after the stop", () => {
  const start = Date.UTC(2026, 0, 1);
  const stretch = (from: number, to: number, failed: number) => ({
    fromMs: start + from * 1000,
    toMs: start + to * 1000,
    requests: 100,
    failed,
    byVersion: new Map(),
  });
  const stretches = [stretch(-60, 0, 0), stretch(0, 20, 1), stretch(20, 60, 2), stretch(60, 90, 3)];
  const played = { startedAt: new Date(start), stretches: [...stretches, stretch(90, 120, 4)] };
  expect(failuresOf(played)).toEqual([at(-1, 0), at(0, 1, 3), at(1, 2, 7)]);
  expect(failuresOf(played, 90_000)).toEqual([at(-1, 0), at(0, 1, 3), at(1, 1.5, 3), at(1.5, 2, 4)]);
});

test("the picture has axes, a legend and the stop", () => {
  const svg = plotSvg({ failures: failures(6), shares, version: "2", stop }, "shop-dev: 1 to 2");
  for (const text of [
    "shop-dev: 1 to 2",
    "share of version 2",
    "failed per minute",
    "rolled back 2:30",
    ">-2:00<",
  ]) {
    expect(svg).toContain(text);
  }
  // 10 % from the start on, and back.
  expect(svg).toContain(
    '<path class="share" d="M70 206 H332 V76 H659.5 V206 H856" fill="none" stroke-width="2"/>',
  );
  // No bar goes on past the stop.
  expect(svg.match(/<rect class="failed" [^>]*>/g)).toEqual([
    '<rect class="failed" x="370" y="40" width="12" height="12"/>',
    '<rect class="failed" x="463" y="262" width="130" height="130"/>',
    '<rect class="failed" x="594" y="327" width="64.5" height="65"/>',
    '<rect class="failed" x="659.5" y="359.5" width="64.5" height="32.5"/>',
  ]);
  expect(svg).toContain('<line class="stop" x1="659.5"');
});
