import { randomUUID } from "node:crypto";
import type {
  CreateApplicationInput,
  CreateApplicationOutput,
  DeleteApplicationInput,
  GetApplicationInput,
  GetApplicationOutput,
  ListApplicationsInput,
  ListApplicationsOutput,
  UpdateApplicationInput,
} from "@aws-sdk/client-codedeploy";
import { addTags } from "./added-tags";
import type { Clock } from "./clock";
import { checkPlatform } from "./compute-platform";
import type { Application } from "./group";
import { checkNoToken } from "./list-filters";
import { checkName } from "./names";
import { ApiError } from "./protocol";

export class Applications {
  private readonly applications = new Map<string, Application>();

  constructor(private readonly clock: Clock) {}

  create({ applicationName, computePlatform, tags = [] }: CreateApplicationInput): CreateApplicationOutput {
    const name = checkName("application", applicationName);
    const platform = checkPlatform(computePlatform);
    if (this.applications.has(name)) {
      throw new ApiError("ApplicationAlreadyExistsException", `application ${name} already exists`);
    }
    const application: Application = {
      id: randomUUID(),
      platform,
      createTime: this.clock.now(),
      tags: new Map(),
      groups: new Map(),
      name,
    };
    addTags(application.tags, tags);
    this.applications.set(name, application);
    return { applicationId: application.id };
  }

  get({ applicationName }: GetApplicationInput): GetApplicationOutput {
    const { id, name, createTime, platform } = this.find(applicationName);
    return {
      application: {
        applicationId: id,
        applicationName: name,
        createTime,
        linkedToGitHub: false,
        computePlatform: platform,
      },
    };
  }

  list(input: ListApplicationsInput): ListApplicationsOutput {
    checkNoToken(input);
    return { applications: [...this.applications.keys()].sort() };
  }

  rename({ applicationName, newApplicationName }: UpdateApplicationInput): undefined {
    const application = this.find(applicationName);
    const name = checkName("application", newApplicationName);
    if (name === application.name) return;
    if (this.applications.has(name)) {
      throw new ApiError("ApplicationAlreadyExistsException", `application ${name} already exists`);
    }
    this.applications.delete(application.name);
    application.name = name;
    this.applications.set(name, application);
  }

  /** Its deployment groups go with it. One that is not there is no error. */
  delete({ applicationName }: DeleteApplicationInput): undefined {
    this.applications.delete(checkName("application", applicationName));
  }

  all(): Iterable<Application> {
    return this.applications.values();
  }

  find(applicationName: string | undefined): Application {
    const name = checkName("application", applicationName);
    const application = this.applications.get(name);
    if (application === undefined) {
      throw new ApiError("ApplicationDoesNotExistException", `there is no application ${name}`);
    }
    return application;
  }
}
