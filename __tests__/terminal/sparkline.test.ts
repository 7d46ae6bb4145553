import { hasUnicode, sparkline } from "../../src/terminal/sparkline";

test.each([
  ["each value is as high as its share of the highest", [0, 1, 2, 4, 8], 5, {}, "▁▂▂▄█"],
  ["only nothing is drawn as nothing", [0, 1, 1000], 3, {}, "▁▂█"],
  ["nothing but zeros is flat", [0, 0], 2, {}, "▁▁"],
  ["a value that is not known is a space", [8, null, 4], 3, {}, "█ ▄"],
  ["the last values have room", [1, 2, 8, 8], 2, {}, "██"],
  ["fewer values stand on the right", [8], 4, {}, "   █"],
  ["two plots may have one scale", [1, 2], 2, { most: 4 }, "▂▄"],
  ["a terminal without blocks has signs", [0, 1, 4, 8], 4, { isUnicode: false }, "_.-#"],
])("%s", (_, values, width, options, plot) => {
  expect(sparkline(values, width, { isUnicode: true, ...options })).toBe(plot);
});

test.each([
  [{ LANG: "en_US.UTF-8" }, true],
  [{ LANG: "C.utf8" }, true],
  [{}, true],
  [{ LANG: "C" }, false],
  [{ LANG: "en_US.UTF-8", LC_ALL: "POSIX" }, false],
  [{ LANG: "de_DE.ISO-8859-1" }, false],
  [{ LANG: "en_US.UTF-8", TERM: "linux" }, false],
])("%j has Unicode: %s", (env, has) => {
  expect(hasUnicode(env)).toBe(has);
});
