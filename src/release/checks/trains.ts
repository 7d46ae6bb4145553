import type { FieldPath } from "../problem";
import type { EnvironmentFile } from "../schema/environment";
import type { Finding } from "./finding";

/** A train is named like no service, and each of its services is there and of this train alone. */
export function checkTrains(
  { trains }: EnvironmentFile,
  services: readonly string[],
  environment: string,
): Finding[] {
  const owners = new Map<string, string>();
  return Object.entries(trains).flatMap(([name, train]) => {
    const isShort = Array.isArray(train);
    const own: readonly string[] = "services" in train ? train.services : train;
    const field = (index: number): FieldPath => ["trains", name, ...(isShort ? [] : ["services"]), index];
    const message = `must have another name than the service of releases/${environment}/${name}.json`;
    return [
      ...(services.includes(name) ? [{ field: ["trains", name], message }] : []),
      ...own.flatMap((service, index): Finding[] => {
        if (!services.includes(service)) {
          const allowed = `must be a service of ${environment}: there are ${services.join(", ") || "none"}`;
          return [{ field: field(index), message: allowed, value: service }];
        }
        const owner = owners.get(service);
        owners.set(service, owner ?? name);
        if (owner === undefined) return [];
        return [
          { field: field(index), message: `must be in one train only, and is in '${owner}'`, value: service },
        ];
      }),
    ];
  });
}
