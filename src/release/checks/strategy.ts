import { isDeepStrictEqual } from "node:util";
import type { ReleaseFile } from "../defaults";
import type { FieldPath } from "../problem";
import { asInFile, type ReleaseContext, versionField, versionsInFile } from "../release-context";
import { versionNamePattern } from "../schema/fields";
import { type FileAsGiven, releaseFile } from "../schema/release";
import { byCodeDeploy } from "../strategies/by-codedeploy";
import { type Strategy, strategies } from "../strategies/names";
import { modelOf } from "../strategies/strategies";
import type { StrategyModel } from "../strategies/strategy-model";
import type { Finding } from "./finding";

type Field = keyof FileAsGiven & string;

/** By field that not every strategy has, the strategies that have it. */
const strategiesOf = havingEach(({ fields }) => fields);
/** The same for the fields of a version. */
const strategiesOfVersion = havingEach(({ versionFields }) => versionFields);

function havingEach(fieldsOf: (model: StrategyModel) => readonly string[]): ReadonlyMap<string, Strategy[]> {
  const having = new Map<string, Strategy[]>();
  for (const strategy of strategies) {
    for (const field of fieldsOf(modelOf({ strategy })))
      having.set(field, [...(having.get(field) ?? []), strategy]);
  }
  return having;
}

/** Whatever a strategy does not have is refused, with the strategies that have it. */
export function checkStrategy(context: ReleaseContext): Finding[] {
  const { file } = context;
  return [
    ...foreignFields(file),
    ...foreignVersionFields(file),
    ...givenPercent(file),
    ...givenHold(file),
    ...versionNames(context),
    ...imageSettings(file),
  ];
}

function foreignFields(file: ReleaseFile): Finding[] {
  return [...strategiesOf].flatMap(([field, allowed]) => {
    if (allowed.includes(file.strategy) || !isGiven(file, field as Field)) return [];
    return [
      { field: [field], message: `must not be given with ${file.strategy}: ${reason(file, field, allowed)}` },
    ];
  });
}

function foreignVersionFields(file: ReleaseFile): Finding[] {
  return Object.entries(versionsInFile(file)).flatMap(([version, inFile]) =>
    Object.keys(inFile)
      .filter((field) => strategiesOfVersion.get(field)?.includes(file.strategy) === false)
      .map((field) => ({
        field: ["versions", version, field],
        message: `must not be given with ${file.strategy}: ${reason(file, field, strategiesOfVersion.get(field) ?? [])}`,
      })),
  );
}

function givenPercent({ strategy, canary }: ReleaseFile): Finding[] {
  if (modelOf({ strategy }).movedBy !== "codedeploy" || canary?.percent === undefined) return [];
  const message = `must not be given with ${strategy}: ${byCodeDeploy}`;
  return [{ field: ["canary", "percent"], message, value: canary.percent }];
}

function givenHold({ strategy, canary }: ReleaseFile): Finding[] {
  if (modelOf({ strategy }).movedBy !== "codedeploy" || canary?.hold === undefined) return [];
  const message = `must not be given with ${strategy}: ${byCodeDeploy}`;
  return [{ field: ["canary", "hold"], message, value: canary.hold.why }];
}

function reason(file: ReleaseFile, field: string, allowed: readonly Strategy[]): string {
  return modelOf(file).whyNot?.[field] ?? `it belongs to ${allowed.join(", ")}`;
}

/** Whether a file gives a field, in another way than its default. */
export function isGiven(file: ReleaseFile, field: Field): boolean {
  return !isDeepStrictEqual(file[field], releaseFile.shape[field].parse(undefined));
}

/** A version is named where its functions are its own, and numbered where Lambda keeps versions of one function. */
function versionNames(context: ReleaseContext): Finding[] {
  const { file } = context;
  const { versionKind } = modelOf(file);
  const isNumbered = versionKind === "lambda";
  const isRight = (version: string) => isNumbered !== versionNamePattern.test(version);
  const message = isNumbered
    ? "must be the number that Lambda gave a published version: a whole number from 1"
    : `must be a name and not digits alone, such as v1 or 1.2.3: each version has ${versionKind === "container" ? "a container" : "functions"} of its own`;
  const pointers: [FieldPath, string | undefined][] = [
    ...Object.keys(versionsInFile(file)).map((version): [FieldPath, string] => [
      versionField(context, version),
      version,
    ]),
    [["stable"], file.stable],
    [["former"], file.former],
    [["canary", "version"], file.canary?.version],
    [["blue", "version"], file.blue?.version],
    [["preview", "version"], file.preview?.version],
  ];
  return pointers.flatMap(([field, version]) =>
    version === undefined || isRight(version) ? [] : [{ field, message, value: asInFile(version) }],
  );
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html: they are in the image. */
function imageSettings({ image, settings = {} }: ReleaseFile): Finding[] {
  if (image === undefined) return [];
  return (["assets", "bundle", "code", "handler", "runtime", "layers"] as const)
    .filter((name) => settings[name] !== undefined)
    .map((name) => ({
      field: ["settings", name],
      message: "must not be given with 'image', which brings its own",
      value: settings[name],
    }));
}
