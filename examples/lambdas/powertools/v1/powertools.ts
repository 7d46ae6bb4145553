import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { Tracer } from "@aws-lambda-powertools/tracer";
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from "aws-lambda";

const names = { serviceName: "greeter", namespace: "examples" };
const logger = new Logger(names);
const tracer = new Tracer(names);
const metrics = new Metrics(names);

class Greeter {
  @tracer.captureLambdaHandler()
  @metrics.logMetrics()
  @logger.injectLambdaContext()
  async handler(event: APIGatewayProxyEvent, _: Context): Promise<APIGatewayProxyResult> {
    const name = event.pathParameters?.name ?? "world";
    logger.info("greeted", { name });
    metrics.addMetric("greetings", MetricUnit.Count, 1);
    return { statusCode: 200, body: JSON.stringify({ greeting: await this.greetingOf(name) }) };
  }

  @tracer.captureMethod()
  async greetingOf(name: string): Promise<string> {
    return `Hello ${name}`;
  }
}

const greeter = new Greeter();
// Decorators need the class, and Lambda calls a function.
export const handler = greeter.handler.bind(greeter);
