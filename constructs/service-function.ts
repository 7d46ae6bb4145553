import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import {
  LambdaFunction,
  type LambdaFunctionDeadLetterConfig,
  type LambdaFunctionEnvironment,
  type LambdaFunctionEphemeralStorage,
  type LambdaFunctionLoggingConfig,
  type LambdaFunctionSnapStart,
  type LambdaFunctionTracingConfig,
  type LambdaFunctionVpcConfig,
} from "@cdktf/provider-aws/lib/lambda-function";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type DeployedFunction, isRecovered } from "../src/release/functions/deployed-function";
import type {
  BuiltSource,
  FunctionSettings,
  HandlerSource,
} from "../src/release/functions/function-settings";
import { nameOfLayer } from "../src/release/functions/layers";
import { checkPermission, type Permission, storedNames } from "../src/release/functions/permission";
import { isZip } from "../src/synth/built-code";
import { ExecutionRole } from "./execution-role";
import { FunctionLayer } from "./function-layer";
import { FunctionReadBack, type FunctionReadBackProps } from "./function-read-back";
import { HandlerPackage, type PackageKind } from "./handler-package";
import { Import, LogGroupImport } from "./import";
import { outlivesPointers } from "./outlives-pointers";
import type { Statement } from "./policy-document";

export interface ServiceFunctionOptions {
  /** Publishes a Lambda version whenever code or settings change. @default false */
  readonly publish?: boolean;
  /** Environment variables that only the stack knows, beside those of the settings. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /** What it may do besides what its settings ask for. @default - nothing */
  readonly statements?: readonly Statement[];
}

/** A Lambda function with a log group and an execution role of its own. */
export class ServiceFunction extends Construct {
  /** Its name in AWS, known only when the function is there: what names it waits for it. */
  readonly functionName: string;
  /** The function as Terraform manages it. */
  readonly resource: LambdaFunction;
  /** The role that it runs with. */
  readonly role: ExecutionRole;
  /** ARN of the function, without a version. */
  readonly arn: string;
  /** Number of the version that was published last, where versions are published. */
  readonly latestVersion: string;
  /** That AWS has its code and settings: what points at the function waits for it. */
  readonly readBack: ITerraformDependable;

  constructor(
    scope: Construct,
    id: string,
    props: DeployedFunction,
    { publish = false, environment, statements }: ServiceFunctionOptions = {},
  ) {
    super(scope, id);
    const { awsName, adopted, settings } = props;
    const logGroupName = `/aws/lambda/${awsName}`;
    const logGroup = new CloudwatchLogGroup(this, "log-group", {
      name: logGroupName,
      retentionInDays: settings.logRetentionDays,
      lifecycle: outlivesPointers,
    });
    const role = new ExecutionRole(this, "role", {
      role: props.role,
      logGroupArn: logGroup.arn,
      settings,
      recovered: isRecovered(props),
      statements,
      keepsFormer: publish,
    });
    const lambda = new LambdaFunction(this, "Resource", {
      functionName: awsName,
      role: role.arn,
      ...this.renderCode(props),
      architectures: [settings.architecture],
      memorySize: settings.memoryMb,
      timeout: settings.timeoutSeconds,
      publish: publish ? true : undefined,
      environment: this.renderEnvironment({
        ...settings.environment,
        ...storedNames(settings),
        ...environment,
      }),
      vpcConfig: this.renderVpc(settings),
      deadLetterConfig: this.renderDeadLetter(settings),
      tracingConfig: this.renderTracing(settings),
      ephemeralStorage: this.renderEphemeralStorage(settings),
      reservedConcurrentExecutions: settings.reservedConcurrency,
      kmsKeyArn: settings.kmsKeyArn,
      loggingConfig: this.renderLogging(settings),
      snapStart: this.renderSnapStart(settings),
      dependsOn: [logGroup, ...role.prerequisites],
      lifecycle: outlivesPointers,
    });
    this.functionName = lambda.functionName;
    this.resource = lambda;
    this.role = role;
    this.arn = lambda.arn;
    this.latestVersion = lambda.version;
    this.readBack = new FunctionReadBack(this, "read-back", {
      lambda,
      publish,
      settings,
      ...this.renderUpload(props, lambda),
    }).data;
    if (!adopted) return;
    new Import(this, "import", { to: lambda, id: awsName });
    new LogGroupImport(this, "log-group-import", { to: logGroup, name: logGroupName });
  }

  /**
   * Gives the function an environment variable beside those of the file: for a reference to a resource of your own.
   * Lambda has it from the next deploy on, also for versions with functions of their own that were published before.
   *
   * @param value a literal, or a reference to a resource
   * @throws where the function has a variable of that name
   */
  addEnvironment(name: string, value: string): void {
    const variables = this.resource.environment.variablesInput ?? {};
    if (Object.hasOwn(variables, name))
      throw new Error(`'${name}' must not be given twice: the function has that environment variable`);
    this.resource.putEnvironment({ variables: { ...variables, [name]: value } });
  }

  /**
   * Allows the function more than the file says: for a reference to a resource of your own. Where GitHub deploys the
   * environment, `github.functions.permissions` of its file must cover it, because the boundary limits the role.
   *
   * @throws where an action is not `<service>:<Action>`, or the role is not the stack's
   */
  addPermissions(permission: Permission): void {
    checkPermission(permission);
    this.role.addPermissions(permission);
  }

  private renderCode(props: DeployedFunction) {
    const { awsName, source, settings } = props;
    if (source.language === "image") return { packageType: "Image", imageUri: source.uri };
    const { runtime } = settings;
    const started = { runtime, handler: source.handler, layers: this.renderLayers(props) };
    if (source.language === "stored") {
      const { bucket: s3Bucket, key: s3Key, versionId: s3ObjectVersion } = source;
      return { ...started, s3Bucket, s3Key, s3ObjectVersion };
    }
    const code = new HandlerPackage(this, "package", awsName, packageKind(source));
    return { ...started, filename: code.path, sourceCodeHash: code.hash };
  }

  private renderLayers({ settings: { layers }, projectLayers = [] }: DeployedFunction): string[] | undefined {
    if (layers.length === 0) return undefined;
    const own = new Map(
      projectLayers.map((layer) => [layer.name, new FunctionLayer(this, `layer-${layer.name}`, layer).arn]),
    );
    return layers.map((layer) =>
      typeof layer === "string" ? layer : (own.get(nameOfLayer(layer)) as string),
    );
  }

  /** How the code is uploaded by hand, and what AWS returns about it. */
  private renderUpload(
    { source }: DeployedFunction,
    { filename }: LambdaFunction,
  ): Pick<FunctionReadBackProps, "code" | "codeOption"> {
    if (source.language === "image") return { code: "image", codeOption: `--image-uri ${source.uri}` };
    if (source.language !== "stored") return { code: "zip", codeOption: `--zip-file fileb://${filename}` };
    const { bucket, key, versionId } = source;
    return {
      code: "stored",
      codeOption: `--s3-bucket ${bucket} --s3-key ${key} --s3-object-version ${versionId}`,
    };
  }

  private renderEnvironment(variables: Record<string, string>): LambdaFunctionEnvironment | undefined {
    return Object.keys(variables).length > 0 ? { variables } : undefined;
  }

  private renderVpc({ vpc }: FunctionSettings): LambdaFunctionVpcConfig | undefined {
    return vpc && { subnetIds: [...vpc.subnetIds], securityGroupIds: [...vpc.securityGroupIds] };
  }

  private renderDeadLetter({ deadLetterArn }: FunctionSettings): LambdaFunctionDeadLetterConfig | undefined {
    return deadLetterArn === undefined ? undefined : { targetArn: deadLetterArn };
  }

  private renderTracing({ tracing }: FunctionSettings): LambdaFunctionTracingConfig | undefined {
    return tracing ? { mode: "Active" } : undefined;
  }

  private renderEphemeralStorage({
    ephemeralStorageMb,
  }: FunctionSettings): LambdaFunctionEphemeralStorage | undefined {
    return ephemeralStorageMb === undefined ? undefined : { size: ephemeralStorageMb };
  }

  private renderLogging({ logging }: FunctionSettings): LambdaFunctionLoggingConfig | undefined {
    return (
      logging && {
        logFormat: logging.format === "json" ? "JSON" : "Text",
        applicationLogLevel: logging.applicationLevel?.toUpperCase(),
        systemLogLevel: logging.systemLevel?.toUpperCase(),
      }
    );
  }

  private renderSnapStart({ snapStart }: FunctionSettings): LambdaFunctionSnapStart | undefined {
    return snapStart ? { applyOn: "PublishedVersions" } : undefined;
  }
}

function packageKind(source: HandlerSource | BuiltSource): PackageKind {
  if (source.language !== "built") return "folder";
  return isZip(source.path) ? "zip" : "executable folder";
}
