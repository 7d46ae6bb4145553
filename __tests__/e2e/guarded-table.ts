import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { isAllowed, type Policy } from "../support/policy";
import { byForm, byName } from "./by-hand";
import { startLocalEcs } from "./local-ecs";

const table = "arn:aws:dynamodb:eu-central-1:000000000000:table/orders";

/**
 * The table of the example `dynamodb`, with one order: moto's, behind a door that asks the caller's role in the local
 * AWS, because neither LocalStack nor moto does.
 */
export class GuardedTable {
  /** Where functions find it. */
  readonly endpoint: string;
  /** The local AWS that has the roles. */
  aws = "";
  /** What the door refused: a role and an action. */
  readonly refused: string[] = [];
  static async start(): Promise<GuardedTable> {
    const moto = await startLocalEcs();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const guarded = new GuardedTable(moto.endpoint, moto.stop, server);
    await guarded.dynamodb("CreateTable", {
      TableName: "orders",
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    });
    return guarded;
  }

  private constructor(
    private readonly moto: string,
    private readonly stopMoto: () => void,
    private readonly server: Server,
  ) {
    server.on("request", async (request, response) => {
      const { status, text } = await this.answer(request).catch((error) => ({
        status: 500,
        text: JSON.stringify({ __type: "InternalServerError", message: String(error) }),
      }));
      response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(text);
    });
    this.endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.stopMoto();
  }

  /** Whether a role of the local AWS may do something with the table. */
  async allows(role: string, action: string): Promise<boolean> {
    const iam = (fields: Record<string, string>) =>
      byForm(this.aws, "iam", { Version: "2010-05-08", RoleName: role, ...fields });
    const [, document = ""] =
      /<PolicyDocument>([\s\S]*)<\/PolicyDocument>/.exec(
        await iam({ Action: "GetRolePolicy", PolicyName: "execution" }),
      ) ?? [];
    const policy = JSON.parse(decodeURIComponent(document.trim())) as Policy;
    return isAllowed(policy, { action: `dynamodb:${action}`, resource: table });
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; text: string }> {
    const action = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
    const body = JSON.parse((await buffer(request)).toString());
    const role = await this.roleOf(request);
    if (!(await this.allows(role, action))) {
      this.refused.push(`${role} ${action}`);
      const message = `${role} is not authorized to perform: dynamodb:${action} on resource: ${table}`;
      const __type = "com.amazon.coral.service#AccessDeniedException";
      return { status: 400, text: JSON.stringify({ __type, message }) };
    }
    // So that every reader is the fourth.
    const Item = { id: { S: "7" }, total: { N: "12.5" }, reads: { N: "3" } };
    await this.dynamodb("PutItem", { TableName: "orders", Item });
    return { status: 200, text: JSON.stringify(await this.dynamodb(action, body)) };
  }

  /** The role that signed a call, as STS knows it. */
  private async roleOf({ headers }: IncomingMessage): Promise<string> {
    const key = /Credential=(\w+)\//.exec(String(headers.authorization))?.[1] ?? "";
    const answer = await byForm(this.aws, "sts", { Action: "GetCallerIdentity", Version: "2011-06-15" }, key);
    return /assumed-role\/([^/]+)\//.exec(answer)?.[1] ?? "nobody";
  }

  private dynamodb(call: string, body: object): Promise<unknown> {
    return byName(this.moto, "dynamodb", `DynamoDB_20120810.${call}`, body);
  }
}
