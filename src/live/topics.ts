import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { regionOf } from "../release/aws/arn";
import { type Account, clientOf } from "./clients";

/** What people are told, as a title and lines. */
export interface Report {
  readonly title: string;
  readonly lines: readonly string[];
  /** Under which a chat collects what belongs together. @default - it stands alone */
  readonly thread?: string;
}

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html: fewer than 100 characters of ASCII, on one line. */
const subjectCharacters = 99;

/**
 * Tells every topic, also where one of them does not answer. A topic may be of another region.
 *
 * @returns why a topic was not told, a line for each
 */
export async function tellTopics(
  account: Account,
  topics: readonly string[],
  report: Report,
): Promise<string[]> {
  const message = JSON.stringify({ default: asText(report), https: asChat(report) });
  const told = topics.map(async (topic) => {
    const sns = clientOf(SNSClient, { ...account, region: regionOf(topic) }, "sns");
    try {
      await sns.send(
        new PublishCommand({
          TopicArn: topic,
          Subject: subjectOf(report),
          MessageStructure: "json",
          Message: message,
        }),
      );
      return [];
    } catch (error) {
      return [`${topic} was not notified: ${(error as Error).message}`];
    } finally {
      sns.destroy();
    }
  });
  return (await Promise.all(told)).flat();
}

function subjectOf({ title }: Report): string {
  return title.replace(/[^\x20-\x7e]/g, "?").slice(0, subjectCharacters);
}

/** As an e-mail shows it. */
function asText({ title, lines }: Report): string {
  return [title, "", ...lines].join("\n");
}

/**
 * As Amazon Q Developer shows it in Slack and Teams.
 * https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
function asChat({ title, lines, thread }: Report): string {
  const content = { textType: "client-markdown", title, description: lines.join("\n") };
  const metadata = thread === undefined ? {} : { metadata: { threadId: thread, summary: title } };
  return JSON.stringify({ version: "1.0", source: "custom", content, ...metadata });
}
