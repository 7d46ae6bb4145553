import { openPathOf } from "../../src/rehearsal/open-path";
import { handler } from "../support/project";
import { RehearsedShop } from "../support/rehearse";
import { shopOfOne } from "../support/shop";

const pool = "arn:aws:cognito-idp:eu-central-1:123456789012:userpool/eu-central-1_a1";

describe.each(["AWS_IAM", { cognitoUserPoolArns: [pool] }])(
  "where %j closes the first route",
  (authorization) => {
    const pathAmong = async (...others: object[]) => {
      const routes = [{ path: "/", authorization }, ...others];
      const { rehearsal } = await RehearsedShop.of(shopOfOne({ routes }, handler("v1")));
      return openPathOf(rehearsal.api);
    };

    test("requests go to the next one that is open", async () => {
      expect(await pathAmong({ path: "/offers/{id}" }, { path: "/open" })).toBe("/open");
    });

    test("and no other is open, none is requested", async () => {
      await expect(pathAmong({ method: "POST", path: "/open" })).rejects.toThrow(
        "no GET route without variables is open to everybody: name a path with --path",
      );
    });
  },
);
