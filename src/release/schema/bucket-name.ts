import { awsLimits } from "../aws/aws-limits";
import { text } from "./fields";

const most = awsLimits.bucketNameCharacters.most;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html: S3 keeps these for itself. */
const reservedBeginnings = ["xn--", "sthree-", "amzn-s3-demo-"];
const reservedEndings = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

/** The name of a bucket that S3 takes. */
export const bucketName = text(
  `the name of an S3 bucket: 3 to ${most} lower-case letters, digits, hyphens and dots, with a letter or digit at its ends`,
  /^[a-z0-9][a-z0-9.-]+[a-z0-9]$/,
  most,
).refine((name) => refusal(name) === undefined, {
  error: ({ input }) => `must be the name of an S3 bucket, which ${refusal(String(input))}`,
});

function refusal(name: string): string | undefined {
  const beginning = reservedBeginnings.find((one) => name.startsWith(one));
  const ending = reservedEndings.find((one) => name.endsWith(one));
  if (name.includes("..")) return "has no two dots side by side";
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return "is no IP address";
  if (beginning !== undefined) return `does not begin with ${beginning}`;
  return ending && `does not end with ${ending}`;
}
