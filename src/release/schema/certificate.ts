import { text } from "./fields";

/** A certificate of ACM's, which is in one region. */
export const certificateArn = text(
  "the ARN of an ACM certificate",
  /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f-]+$/,
  512,
);
