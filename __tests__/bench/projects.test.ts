import { deployableStrategies, filesOfServices } from "../../bench/projects";
import { strategies } from "../../src/release/strategies/names";
import { problemsOf } from "../support/project";

test("the measured services of each strategy are valid", () => {
  expect(problemsOf(filesOfServices(2 * strategies.length, strategies))).toEqual([]);
});

test("the mixed app has those that the installed AWS provider can deploy", () => {
  expect(deployableStrategies()).toEqual(strategies.filter((strategy) => strategy !== "ecs-native"));
});
