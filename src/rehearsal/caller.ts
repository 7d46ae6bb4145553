import { z } from "zod";
import { map, object, text } from "../release/schema/fields";
import { readGiven } from "./given-file";

const claim = z.union([z.string(), z.number(), z.boolean()], {
  error: "must be text, a number or true or false",
});

const callerFile = object({
  claims: map(text("the name of a claim", /^\S+$/, 256), claim).optional(),
  userArn: text(
    "the ARN of an IAM user or role, such as arn:aws:iam::123456789012:user/ann",
    /^arn:aws[a-z-]*:(iam|sts)::\d{12}:\S+$/,
    2048,
  ).optional(),
});

/** Who calls the routes that the rehearsal cannot check a caller of: no token and no signature is looked at. */
export interface Caller {
  /** Of a user of Cognito pools. @default - the caller is none */
  readonly claims?: Readonly<Record<string, string>>;
  /** Of a caller who signs with AWS credentials. @default - the caller does not */
  readonly userArn?: string;
}

/**
 * Reads who calls.
 *
 * @throws {Unable} where the file is not there or not valid, with a line for each problem
 */
export function readCaller(path: string): Caller {
  const { claims, userArn } = readGiven(path, callerFile);
  return {
    // API Gateway passes every claim on as text.
    claims: claims && Object.fromEntries(Object.entries(claims).map(([name, one]) => [name, String(one)])),
    userArn,
  };
}
