import { GetParameterCommand, PutParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { AwsError } from "./aws-error";

/** The value of an SSM parameter; nothing where it is not there. */
export async function readParameter(ssm: SSMClient, Name: string): Promise<string | undefined> {
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
    return Parameter?.Value;
  } catch (error) {
    if (error instanceof AwsError && error.code === "ParameterNotFound") return undefined;
    throw error;
  }
}

/** Writes it, and makes it anew where somebody deleted it. */
export async function writeParameter(ssm: SSMClient, Name: string, Value: string): Promise<void> {
  await ssm.send(new PutParameterCommand({ Name, Value, Type: "String", Overwrite: true }));
}
