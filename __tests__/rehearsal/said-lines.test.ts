import { say } from "../../src/rehearsal/terminal";

const printed: string[] = [];
beforeEach(() => {
  printed.length = 0;
  jest.spyOn(console, "log").mockImplementation((line: string) => void printed.push(line));
});
afterEach(() => {
  delete process.env["COLUMNS"];
  jest.restoreAllMocks();
});

const alarm = "checkout-dev-alias-errors: Errors of checkout-dev:live, Sum >= 1 in 1 period of 60 s";

test("a line that is wider than the terminal goes on below its text", () => {
  process.env["COLUMNS"] = "80";
  say("alarm", alarm);
  expect(printed).toEqual([
    "alarm        checkout-dev-alias-errors: Errors of checkout-dev:live, Sum >= 1 in\n             1 period of 60 s",
  ]);
});

test("a pipe gets the whole line", () => {
  say("alarm", alarm);
  expect(printed).toEqual([`alarm        ${alarm}`]);
});
