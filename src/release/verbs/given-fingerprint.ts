import { fingerprint } from "../definition/fingerprint";
import { readService } from "../files/file";
import type { ProjectFiles } from "../files/project-files";
import { definitionInFile } from "../functions/service-functions";

/** The fingerprint of the definition that a release file gives, also where no version records it yet. */
export function givenFingerprint(
  files: ProjectFiles,
  environment: string,
  service: string,
): string | undefined {
  const { context } = readService(files, environment, service);
  return context && fingerprint(definitionInFile(context));
}
