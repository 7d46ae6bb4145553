import { type Datapoint, stateOf } from "../../../src/rehearsal/rollout/alarm-state";

const symbols: Readonly<Record<string, Datapoint>> = {
  "0": "withinThreshold",
  X: "breaching",
  "-": "missing",
};
const treatments = ["missing", "ignore", "breaching", "notBreaching"] as const;
const insufficient = "INSUFFICIENT_DATA";
const retained = "retained";

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html, both of its tables. */
test.each<[number, string, string[]]>([
  [3, "0 - X - X", ["OK", "OK", "OK", "OK"]],
  [3, "0 - - - -", ["OK", "OK", "OK", "OK"]],
  [3, "- - - - -", [insufficient, retained, "ALARM", "OK"]],
  [3, "0 X X - X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
  [3, "- - X - -", ["ALARM", retained, "ALARM", "OK"]],
  [2, "0 - X - X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
  [2, "0 0 X 0 X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
  [2, "0 - X - -", ["OK", "OK", "ALARM", "OK"]],
  [2, "- - - - 0", ["OK", "OK", "ALARM", "OK"]],
  [2, "- - - X -", ["ALARM", retained, "ALARM", "OK"]],
  // Of the text below them: not at once, because the next datapoint may be within the threshold.
  [3, "- - - - X", [insufficient, retained, "ALARM", "OK"]],
  [3, "- - - X -", [insufficient, retained, "ALARM", "OK"]],
  [3, "- - X - 0", ["OK", "OK", "OK", "OK"]],
])("%i of 3 datapoints, %s", (datapointsToAlarm, text, expected) => {
  const datapoints = text.split(" ").map((symbol) => symbols[symbol] as Datapoint);
  const states = treatments.map((treatMissingData) => {
    const judgement = { evaluationPeriods: 3, datapointsToAlarm, treatMissingData };
    const from = (["OK", "ALARM"] as const).map((before) => stateOf(datapoints, judgement, before));
    return from[0] === from[1] ? from[0] : from.join() === "OK,ALARM" ? retained : from.join();
  });
  expect(states).toEqual(expected);
});

test("one period alone is as red as its latest datapoint, until that is too old", () => {
  const judgement = { evaluationPeriods: 1, datapointsToAlarm: 1, treatMissingData: "notBreaching" } as const;
  const state = (...datapoints: Datapoint[]) => stateOf(datapoints, judgement, "OK");
  expect(state("breaching", "missing", "missing")).toBe("ALARM");
  expect(state("breaching", "missing", "withinThreshold")).toBe("OK");
  expect(state("missing", "missing", "missing")).toBe("OK");
});
