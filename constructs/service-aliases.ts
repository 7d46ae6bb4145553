import { Construct } from "constructs";
import { watchedVersion } from "../src/release/alarms/watched";
import { constructIds } from "../src/release/construct-ids";
import {
  functionsOfVersion,
  liveAlias,
  liveNumbers,
  type SplitByAliases,
  versionAlias,
} from "../src/release/pointer";
import type { LambdaVersionsRelease } from "../src/release/release";
import type { LambdaVersion, ReleaseFunction } from "../src/release/version";
import { MetricAlarms } from "./metric-alarms";
import type { ServiceApi } from "./service-api";
import type { ServiceFunction } from "./service-function";
import { behindAliases, VersionAlias, type VersionAliasProps } from "./version-alias";

/** An alias of each function, by the function's name. */
export type Aliases = ReadonlyMap<string, VersionAlias>;

/** The aliases of one version, which never move, and the names of the alarms that look at them. */
export interface PublishedAliases {
  /** They never move. */
  readonly aliases: Aliases;
  /** Names in CloudWatch. */
  readonly alarms: readonly string[];
}

/** One function of the service, as the file and as the stack have it. */
export interface StackFunction {
  /** Names and settings, as resolved from the file. */
  readonly inFile: ReleaseFunction;
  /** The function in the stack. */
  readonly lambda: ServiceFunction;
  /** Whether it is named as the service: what belongs to it has no function's name in its id. */
  readonly isOfService: boolean;
}

export interface ServiceAliasesProps {
  /** The release whose aliases are created. */
  readonly release: LambdaVersionsRelease;
  /** Every function of the service. */
  readonly functions: readonly StackFunction[];
  /** The API that calls the aliases. @default - the service has none */
  readonly api?: ServiceApi;
}

/**
 * Makes the aliases of a service's functions. It is no construct itself: the aliases stand in the stack, where their
 * ids were before there was more than one function.
 */
export class ServiceAliases {
  constructor(
    private readonly scope: Construct,
    private readonly props: ServiceAliasesProps,
  ) {}

  /** The functions that a version has. */
  functionsOf(version: LambdaVersion): readonly StackFunction[] {
    const { release, functions } = this.props;
    const names = functionsOfVersion(version, release.functions).map(({ name }) => name);
    return functions.filter(({ inFile }) => names.includes(inFile.name));
  }

  /** The aliases of one version, with their alarms. */
  publish(scope: Construct, version: LambdaVersion): PublishedAliases {
    const { alarms } = this.props.release;
    const { provisionedConcurrency } = version;
    const name = versionAlias(version.name);
    const made = this.functionsOf(version).map((one) => {
      const { inFile, lambda, isOfService } = one;
      const ofFunction = (id: string) => (isOfService ? id : `${inFile.name}-${id}`);
      const props = { name, version: version.numbers[inFile.name] ?? "", provisionedConcurrency };
      const alias = this.add(scope, ofFunction("alias"), one, props);
      if (alarms === undefined) return { entry: [inFile.name, alias] as const, alarms: [] };
      const watched = watchedVersion(inFile.ownName, version.name);
      const dimensions = aliasDimensions(lambda, name);
      const { names } = new MetricAlarms(scope, ofFunction("alarms"), { alarms, watched, dimensions });
      return { entry: [inFile.name, alias] as const, alarms: names };
    });
    return { aliases: new Map(made.map(({ entry }) => entry)), alarms: made.flatMap((one) => one.alarms) };
  }

  /** An alias of each function of a version, that follows it. */
  follow(name: string, ids: readonly [string, string], version: LambdaVersion): Aliases {
    return this.addAll(this.functionsOf(version), ids, (ofFunction) => ({
      name,
      version: version.numbers[ofFunction] ?? "",
    }));
  }

  /** The alias of each function that serves all its users. */
  live(moved: Pick<VersionAliasProps, "movedByCodeDeploy" | "description" | "preconditions"> = {}): Aliases {
    const { release, functions } = this.props;
    const canary: SplitByAliases["canary"] = "canary" in release ? release.canary : undefined;
    return this.addAll(functions, [constructIds.live, constructIds.liveAliases], (name) => {
      const numbers = liveNumbers({ ...release, canary }, name);
      if (numbers === undefined) return undefined;
      return {
        name: liveAlias,
        version: numbers.stable,
        canary:
          numbers.canary === undefined ? undefined : { version: numbers.canary, percent: canary?.percent },
        ...moved,
      };
    });
  }

  /** Those of the functions that a version has, as what a deployment leads to. */
  behind(aliases: Aliases, version: LambdaVersion) {
    const names = this.functionsOf(version).map(({ inFile }) => inFile.name);
    return behindAliases([...aliases].filter(([name]) => names.includes(name)).map(([, alias]) => alias));
  }

  /** @param ids of the alias of the service's own function, and of the scope of the others */
  private addAll(
    functions: readonly StackFunction[],
    ids: readonly [own: string, others: string],
    propsOf: (name: string) => Omit<VersionAliasProps, "lambda" | "variable" | "api"> | undefined,
  ): Aliases {
    const [own, others] = ids;
    return new Map(
      functions.flatMap((one): [string, VersionAlias][] => {
        const { name } = one.inFile;
        const props = propsOf(name);
        if (props === undefined) return [];
        const scope = one.isOfService ? this.scope : scopeIn(this.scope, others);
        return [[name, this.add(scope, one.isOfService ? own : `${name}-alias`, one, props)]];
      }),
    );
  }

  private add(
    scope: Construct,
    id: string,
    { inFile, lambda }: StackFunction,
    props: Omit<VersionAliasProps, "lambda" | "variable" | "api">,
  ): VersionAlias {
    return new VersionAlias(scope, id, {
      ...props,
      lambda,
      variable: inFile.aliasVariable,
      api: this.props.api,
    });
  }
}

/** By which Lambda's metrics tell the invocations of an alias. */
export function aliasDimensions(
  { functionName }: ServiceFunction,
  alias: string,
): Readonly<Record<string, string>> {
  return { FunctionName: functionName, Resource: `${functionName}:${alias}` };
}

/** By version, the alias of its first function. */
export function firstOfEach(versions: ReadonlyMap<string, Aliases>): ReadonlyMap<string, VersionAlias> {
  return new Map(
    [...versions].flatMap(([name, aliases]) => {
      const [first] = aliases.values();
      return first === undefined ? [] : [[name, first] as const];
    }),
  );
}

/** A place for what several functions have, made when the first of them needs it. */
export function scopeIn(parent: Construct, id: string): Construct {
  return (parent.node.tryFindChild(id) as Construct | undefined) ?? new Construct(parent, id);
}
