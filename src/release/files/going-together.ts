import { trainNamed, trainWith } from "../environment/train";
import { readEnvironment } from "./file";
import { serviceName } from "./project";
import type { ProjectFiles } from "./project-files";

/** Services that go on together or not at all: those of a train, or one alone. */
export interface GoingTogether {
  /** Their train, or the service: `dev/checkout`. */
  readonly title: string;
  /** `<environment>/<service>`, in the order in which they are deployed. */
  readonly services: readonly string[];
}

/** Each service with those of its train, each train once. */
export function goingTogether(files: ProjectFiles, names: readonly string[]): GoingTogether[] {
  const all = names.map((name): GoingTogether => {
    const { environment, service } = serviceName(name);
    const trains = readEnvironment(files, environment).value?.trains ?? {};
    const train = trainWith(trains, service);
    const services = train === undefined ? [service] : (trainNamed(trains, train)?.services ?? []);
    return {
      title: `${environment}/${train ?? service}`,
      services: services.map((one) => `${environment}/${one}`),
    };
  });
  return [...new Map(all.map((one) => [one.title, one])).values()];
}
