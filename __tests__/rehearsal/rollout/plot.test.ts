import { plotText } from "../../../src/rehearsal/rollout/plot";
import { plotSvg } from "../../../src/rehearsal/rollout/plot-svg";

const minutes = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    at: index - 2,
    percent: index < 2 ? 0 : 10,
    requests: 600,
    failed: index === 3 ? 4 : index === 4 ? 1 : 0,
  }));
const shares = [
  { atMs: 0, percent: 10 },
  { atMs: 150_000, percent: 0 },
];
const stop = { atMs: 150_000, text: "rolled back 2:30" };

test("the plot lines up, and marks where it was stopped", () => {
  expect(plotText({ minutes: minutes(6), shares, version: "2", stop }, 60)).toBe(
    [
      "share of version 2",
      "  100 % ┤",
      "        │",
      "   50 % ┤",
      "    0 % ┤            ▃▃▃▃▃▃▃▃▃▃▃▃▃▃▃",
      "        └────────────────────────────────────",
      "failed requests per minute",
      "      4 ┤                  ██████",
      "        │                  ██████",
      "        │                  ██████",
      "      0 ┤                  ████████████",
      "        └────────────────────────────────────",
      "         -2:00       0:00        2:00        4:00",
      "                                 ▲ rolled back 2:30".replace("      ▲", "         ▲"),
    ].join("\n"),
  );
});

test.each([40, 60, 80, 120])("no line is longer than a terminal of %i columns", (width) => {
  for (const count of [1, 3, 10, 97, 500, 3000]) {
    const end = { atMs: (count - 3) * 60_000, text: "rolled back 100:00" };
    const lines = plotText({ minutes: minutes(count), shares, version: "2", stop: end }, width).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
  }
});

test("the picture has axes, a legend and the stop", () => {
  const svg = plotSvg({ minutes: minutes(6), shares, version: "2", stop }, "shop-dev: 1 to 2");
  for (const text of [
    "shop-dev: 1 to 2",
    "version 2&apos;s share",
    "failed per minute",
    "rolled back 2:30",
    ">-2:00<",
  ]) {
    expect(svg).toContain(text.replace("&apos;", "'"));
  }
  // 10 % from the start on, and back.
  expect(svg).toMatch(/<path d="M70 206 H[\d.]+ V193 H[\d.]+ V206 H856"/);
  expect(svg.match(/fill="#dc2626"/g)).toHaveLength(3);
});
