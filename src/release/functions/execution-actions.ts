/** What a function may be given by its settings, by what asks for it. */
export const executionActions = {
  logs: ["logs:CreateLogStream", "logs:PutLogEvents"],
  tracing: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
  // https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
  vpc: [
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
  ],
  topic: ["sns:Publish"],
  queue: ["sqs:SendMessage"],
  key: ["kms:Decrypt"],
} as const;
