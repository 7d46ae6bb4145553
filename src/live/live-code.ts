import { createHash } from "node:crypto";
import { GetFunctionCommand, GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { unzipSync } from "fflate";
import type { PackageFiles } from "../synth/handler-files";
import { AwsError } from "./aws-error";
import type { Aws } from "./clients";

/** The code of a function as AWS runs it. */
export interface LiveCode {
  /** As Lambda gives it: of a zip file in base64, of an image in hexadecimal digits. */
  readonly sha256: string;
  /** The image by its digest. @default - the code is a zip file */
  readonly image?: string;
  /** Where the zip file can be had for ten minutes. @default - the code is an image */
  readonly location?: string;
}

/** A package may have 50 MB. */
const downloadSeconds = 30;

/** The code that a call of the function without a version gets. @returns nothing where there is no such function */
export function readCode({ lambda }: Aws, FunctionName: string): Promise<LiveCode | undefined> {
  return orNothing(async () => {
    const { Code, Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName }));
    return {
      sha256: Configuration?.CodeSha256 ?? "",
      image: Code?.ResolvedImageUri ?? Code?.ImageUri,
      location: Code?.Location,
    };
  });
}

/** The digest of a published version's code. @returns nothing where the version is not there */
export function readDigest(
  { lambda }: Aws,
  FunctionName: string,
  Qualifier: string,
): Promise<string | undefined> {
  return orNothing(async () => {
    const command = new GetFunctionConfigurationCommand({ FunctionName, Qualifier });
    return (await lambda.send(command)).CodeSha256 ?? "";
  });
}

/**
 * Downloads the zip file and unpacks it.
 *
 * @throws {AwsError} where it cannot be had, or is not the one that Lambda runs
 */
export async function filesOf({ location = "", sha256 }: LiveCode): Promise<PackageFiles> {
  const zip = await download(location);
  if (createHash("sha256").update(zip).digest("base64") !== sha256)
    throw new AwsError("ForeignCode", "the downloaded package has another digest than the function");
  try {
    const files = Object.entries(unzipSync(zip));
    return new Map(files.filter(([path]) => !path.endsWith("/")));
  } catch (error) {
    throw new AwsError("InvalidZip", `the downloaded package is not a zip file: ${(error as Error).message}`);
  }
}

async function download(location: string): Promise<Uint8Array> {
  const refused = (why: string) => new AwsError("DownloadFailed", `the package cannot be downloaded: ${why}`);
  try {
    const response = await fetch(location, { signal: AbortSignal.timeout(downloadSeconds * 1000) });
    if (!response.ok) throw refused(`status ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    if (error instanceof AwsError) throw error;
    const { name, message, cause } = error as Error & { readonly cause?: Partial<Error> };
    if (name === "TimeoutError") throw refused(`no answer within ${downloadSeconds} seconds`);
    throw refused(cause?.message || message);
  }
}

async function orNothing<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof AwsError && error.code === "ResourceNotFoundException") return undefined;
    throw error;
  }
}
