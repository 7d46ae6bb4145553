import { trainNamed, trainsOf } from "../../../src/release/environment/train";
import { problemsOf, shop } from "../../support/project";

test("a list is short for services whose deploy stops where one fails", () => {
  const services = ["orders", "billing"];
  const object = { services, onFailure: "take-back" as const };
  expect(trainsOf({ checkout: services, shop: object })).toEqual({
    checkout: { services, onFailure: "stop" },
    shop: object,
  });
});

test("a service that is named as what every object has is no train", () => {
  expect(trainNamed({}, "constructor")).toBeUndefined();
});

test.each([[["shop"]], [{ services: ["shop"] }]])("%j is no train: it has one service", (checkout) => {
  const environment = { region: "eu-central-1", trains: { checkout } };
  const problems = problemsOf(shop({}, { "releases/dev/environment.json": environment }));
  expect(problems).toEqual([
    expect.stringMatching(/^releases\/dev\/environment\.json:\S+ 'trains\.checkout\S*' must .*2 (to|and) 20/),
  ]);
});
