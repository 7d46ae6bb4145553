import type {
  ListTagsForResourceInput,
  ListTagsForResourceOutput,
  TagResourceInput,
  UntagResourceInput,
} from "@aws-sdk/client-codedeploy";
import { addTags } from "./added-tags";
import type { Applications } from "./applications";
import { ApiError } from "./protocol";

/** The tags of applications and deployment groups, by ARN. */
export class Tags {
  constructor(private readonly applications: Applications) {}

  /** What is not there has no tags. */
  list({ ResourceArn }: ListTagsForResourceInput): ListTagsForResourceOutput {
    const tags = this.find(checkArn(ResourceArn)) ?? new Map<string, string>();
    return { Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) };
  }

  add({ ResourceArn, Tags }: TagResourceInput): object {
    const tags = this.existing(ResourceArn);
    if (!Array.isArray(Tags)) throw new ApiError("TagRequiredException", "'Tags' must be given");
    addTags(tags, Tags);
    return {};
  }

  remove({ ResourceArn, TagKeys }: UntagResourceInput): object {
    const tags = this.existing(ResourceArn);
    if (!Array.isArray(TagKeys)) throw new ApiError("TagRequiredException", "'TagKeys' must be given");
    for (const key of TagKeys) tags.delete(key);
    return {};
  }

  private existing(arn: string | undefined): Map<string, string> {
    const resource = checkArn(arn);
    const tags = this.find(resource);
    if (tags !== undefined) return tags;
    throw resource.group === undefined
      ? new ApiError("ApplicationDoesNotExistException", `there is no application ${resource.application}`)
      : new ApiError(
          "DeploymentGroupDoesNotExistException",
          `application ${resource.application} has no deployment group ${resource.group}`,
        );
  }

  private find({ application: name, group }: Resource): Map<string, string> | undefined {
    const application = [...this.applications.all()].find((one) => one.name === name);
    return group === undefined ? application?.tags : application?.groups.get(group)?.tags;
  }
}

interface Resource {
  readonly application: string;
  /** @default - it is the application itself */
  readonly group?: string;
}

/** Whatever the region and the account, for which this endpoint stands. Terraform may not know the account. */
function checkArn(arn: string | undefined): Resource {
  if (arn === undefined || arn === "") {
    throw new ApiError("ResourceArnRequiredException", "'ResourceArn' must be given");
  }
  const [, kind, name = ""] = /^arn:[^:]+:codedeploy:[^:]*:(?:\d{12})?:([a-z]+):(.+)$/.exec(arn) ?? [];
  if (kind === undefined) {
    throw new ApiError("InvalidArnException", `'ResourceArn' must be an ARN of CodeDeploy, got "${arn}"`);
  }
  if (kind === "application") return { application: name };
  const [application = "", group] = name.split("/", 2);
  if (kind === "deploymentgroup" && group !== undefined) return { application, group };
  throw new ApiError(
    "ArnNotSupportedException",
    `'ResourceArn' must be an application's or a deployment group's, got "${arn}"`,
  );
}
