import type { Stage } from "../../src/rehearsal/api-gateway/stage";
import {
  callableRoutes,
  openPathOf,
  passedOverText,
  unrehearsedTexts,
} from "../../src/rehearsal/callable-routes";
import { shopOfDocument } from "../support/openapi-shop";
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

describe("every route that can be called without more", () => {
  const document = {
    openapi: "3.0.1",
    info: { title: "shop", version: "1" },
    "x-amazon-apigateway-request-validators": { all: { validateRequestParameters: true } },
    paths: {
      "/": { get: { responses: {} } },
      "/search": {
        get: {
          "x-amazon-apigateway-request-validator": "all",
          parameters: [{ name: "q", in: "query", required: true, schema: { type: "string" } }],
          responses: {},
        },
      },
      "/offers": { "x-amazon-apigateway-any-method": { responses: {} }, post: { responses: {} } },
      "/offers/{id}": { get: { responses: {} } },
      "/partners": {
        get: {
          responses: {},
          "x-amazon-apigateway-integration": {
            type: "http_proxy",
            httpMethod: "GET",
            uri: "https://partners.example.com",
          },
        },
      },
    },
  };
  test("the others are named with what they need", async () => {
    const { rehearsal } = await RehearsedShop.of(shopOfDocument(document));
    const [stage] = rehearsal.api.stages as [Stage];
    const { paths, others } = callableRoutes(stage, {});
    expect(paths).toEqual(["/", "/offers"]);
    expect(passedOverText(others, 200)).toBe(
      "GET /search (needs parameters), POST /offers (not GET), GET /offers/{id} (path variables)",
    );
    expect(passedOverText(others, 67)).toBe("3 routes: 1 needs parameters, 1 not GET, 1 path variables");
    expect(unrehearsedTexts(stage)).toEqual([
      "1 route answers 501 here, and AWS calls something else: GET /partners",
    ]);
  });
});
