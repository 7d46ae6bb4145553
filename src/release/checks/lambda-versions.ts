import { functionNames } from "../functions/service-functions";
import { type ReleaseContext, versionField, versionsInFile } from "../release-context";
import { modelOf } from "../strategies/strategies";
import type { Finding } from "./finding";

/** Where a service has several functions, each version says the number of each that it has. */
export function checkLambdaVersions(context: ReleaseContext): Finding[] {
  const { file } = context;
  if (modelOf(file).versionKind !== "lambda") return [];
  const names = functionNames(context);
  const findings = Object.entries(versionsInFile(file)).flatMap(
    ([version, { lambdaVersions }]): Finding[] => {
      if (lambdaVersions !== undefined) return foreignFunctions(version, lambdaVersions, names);
      if (names.length === 1) return [];
      const example = names.map((name) => `"${name}": 1`).join(", ");
      const message = `must say the number that Lambda gave each of its functions, such as "lambdaVersions": { ${example} }`;
      return [{ field: versionField(context, version), message, value: Number(version) }];
    },
  );
  return [...findings, ...readyTwice(context), ...oneImage(context, names)];
}

function foreignFunctions(
  version: string,
  numbers: Readonly<Record<string, number>>,
  names: readonly string[],
): Finding[] {
  return Object.entries(numbers)
    .filter(([name]) => !names.includes(name))
    .map(([name, value]) => ({
      field: ["versions", version, "lambdaVersions", name],
      message: `must be of a function of the service (${names.join(", ")}): prune the versions of a function before you remove it`,
      value,
    }));
}

/** https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html: of a Lambda version, one alias has them. */
function readyTwice({ file }: ReleaseContext): Finding[] {
  const ready = Object.entries(versionsInFile(file)).filter(
    ([, one]) => one.provisionedConcurrency !== undefined,
  );
  return ready.flatMap(([version, { lambdaVersions = {}, provisionedConcurrency }], index) => {
    const shared = Object.entries(lambdaVersions).flatMap(([name, number]) => {
      const other = ready.slice(0, index).find(([, one]) => one.lambdaVersions?.[name] === number);
      return other === undefined ? [] : [{ name, number, other: other[0] }];
    });
    return shared.slice(0, 1).map(({ name, number, other }) => ({
      field: ["versions", version, "provisionedConcurrency"],
      message: `must not be given beside that of version ${other}: both have ${name} ${number}, and Lambda keeps executions ready for one alias of a version`,
      value: provisionedConcurrency,
    }));
  });
}

function oneImage({ file: { image } }: ReleaseContext, names: readonly string[]): Finding[] {
  if (image === undefined || names.length === 1) return [];
  const message = `must not be given with several functions (${names.join(", ")}): all of them would run it`;
  return [{ field: ["image"], message }];
}
