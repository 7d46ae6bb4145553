import { ecsHook, type ServiceDeployment } from "../../src/hooks/hook";

let lines: jest.SpyInstance;
beforeEach(() => {
  lines = jest.spyOn(console, "log").mockImplementation(() => {});
});
afterEach(() => lines.mockRestore());

const serviceArn = "arn:aws:ecs:eu-central-1:123456789012:service/shop-dev/shop-dev";
const targetServiceRevisionArn = `${serviceArn.replace(":service/", ":service-revision/")}/4980306466373577095`;
const details = { serviceArn, targetServiceRevisionArn };
const lifecycleStage = "POST_TEST_TRAFFIC_SHIFT";
const within = (milliseconds: number) => {
  const end = Date.now() + milliseconds;
  return { getRemainingTimeInMillis: () => end - Date.now() };
};

test.each([
  ["in an object of their own", { lifecycleStage, executionDetails: details }],
  ["beside the stage", { lifecycleStage, ...details }],
])(
  "a hook is told what ECS deploys, with the details %s, and answers that it may go on",
  async (_, event) => {
    const told: ServiceDeployment[] = [];
    const answer = await ecsHook(async (deployment) => void told.push(deployment))(event, within(60_000));
    expect(answer).toEqual({ hookStatus: "SUCCEEDED" });
    expect(told).toEqual([
      { serviceArn, serviceRevisionArn: targetServiceRevisionArn, stage: lifecycleStage },
    ]);
    expect(lines.mock.calls).toEqual([
      ["Succeeded, POST_TEST_TRAFFIC_SHIFT: shop-dev to 4980306466373577095"],
    ]);
  },
);

test.each<[string, () => Promise<void>, RegExp]>([
  ["an error", async () => Promise.reject(new Error("no\n  stock")), /^Failed: no stock$/],
  ["no end", () => new Promise<void>(() => {}), /^Failed: the hook ran out of time: it had 0.1 s$/],
])("%s answers that ECS must roll back", async (_, check, line) => {
  const answer = await ecsHook(check)(details, within(200));
  expect(answer).toEqual({ hookStatus: "FAILED" });
  expect(lines.mock.calls).toEqual([[expect.stringMatching(line)]]);
});
