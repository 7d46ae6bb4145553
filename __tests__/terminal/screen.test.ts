import { Screen } from "../../src/terminal/screen";
import { FakeTerminal } from "../support/fake-terminal";

function opened(columns = 20, rows = 5) {
  const terminal = new FakeTerminal(columns, rows);
  terminal.write("$ a command\nwhat it said\n");
  const screen = new Screen(terminal as unknown as NodeJS.WriteStream);
  return { terminal, screen };
}

const lines =
  (...all: string[]) =>
  () =>
    all;

test("it is drawn in place, and what stood on the terminal is there again afterwards", () => {
  const { terminal, screen } = opened();
  screen.draw(lines("one", "two", "three"));
  expect([terminal.shown, terminal.hasCursor]).toEqual([["one", "two", "three"], false]);
  screen.draw(lines("1", "two"));
  expect(terminal.shown).toEqual(["1", "two"]);
  screen.close();
  expect([terminal.shown, terminal.hasCursor]).toEqual([["$ a command", "what it said", ""], true]);
});

test("a long line is cut, and colours take no place", () => {
  const { terminal, screen } = opened(10);
  screen.draw(lines("\x1b[31m0123456789\x1b[39m", "0123456789a", "wide 世界世界"));
  expect(terminal.shown.slice(0, 2)).toEqual(["0123456789", "012345678…"]);
  screen.close();
});

test("what has no room below is left out, and nothing scrolls", () => {
  const { terminal, screen } = opened(20, 3);
  screen.draw(lines("one", "two", "three", "four"));
  expect(terminal.shown).toEqual(["one", "two", "... 2 more lines"]);
  screen.close();
});

test("another size has it drawn anew, by its width", () => {
  const { terminal, screen } = opened();
  screen.draw((width) => [`${width} columns`, "a line that is broken or not"]);
  terminal.resize(12, 2);
  expect(terminal.shown).toEqual(["12 columns", "a line that…"]);
  terminal.resize(40, 5);
  expect(terminal.shown).toEqual(["40 columns", "a line that is broken or not"]);
  screen.close();
  expect(terminal.listenerCount("resize")).toBe(0);
});

test("a program that ends otherwise gives the terminal back too", () => {
  const { terminal, screen } = opened();
  const before = process.listeners("exit");
  screen.draw(lines("one"));
  const [onExit] = process.listeners("exit").filter((one) => !before.includes(one));
  (onExit as () => void)();
  expect([terminal.shown.at(0), terminal.hasCursor, terminal.wraps]).toEqual(["$ a command", true, true]);
  expect(process.listeners("exit")).toEqual(before);
});
