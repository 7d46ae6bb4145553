/** Where a function is. */
export interface FunctionPlace {
  /** `aws`, or another one such as `aws-cn`. */
  readonly partition: string;
  /** Such as `eu-central-1`. */
  readonly region: string;
  /** 12 digits. */
  readonly accountId: string;
}

/**
 * The address by which API Gateway invokes a function. It holds the function's whole ARN.
 * https://docs.aws.amazon.com/apigateway/latest/api/API_PutIntegration.html
 *
 * @param name the function's name, with a qualifier after it for an alias; either may be a stage variable
 */
export function integrationUri({ partition, region, accountId }: FunctionPlace, name: string): string {
  const functionArn = `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;
  return `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}
