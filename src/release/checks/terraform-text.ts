import type { FieldPath } from "../problem";
import type { Finding } from "./finding";

/** No text of a file reaches Terraform as an expression, or CDKTF as one of its marks for values that are not known yet. */
export function checkTerraformText(value: unknown, field: FieldPath = []): Finding[] {
  if (typeof value === "string") {
    if (/[$%]\{/.test(value))
      return [
        { field, message: "must not contain ${ or %{, which Terraform would read as an expression", value },
      ];
    return marksIn(value, field);
  }
  return below(value, field, checkTerraformText);
}

/** The same for text in which `${` is not Terraform's, and is escaped: templates of API Gateway. */
export function checkTerraformMarks(value: unknown, field: FieldPath = []): Finding[] {
  return typeof value === "string" ? marksIn(value, field) : below(value, field, checkTerraformMarks);
}

function marksIn(value: string, field: FieldPath): Finding[] {
  if (/\$\$\{|%%\{/.test(value))
    return [{ field, message: "must not contain $${ or %%{, which Terraform cannot pass on", value }];
  if (!/[#&$]\{TfToken\[/.test(value)) return [];
  return [
    { field, message: "must not contain #{TfToken[ or &{TfToken[, which are CDKTF's own marks", value },
  ];
}

function below(
  value: unknown,
  field: FieldPath,
  check: (value: unknown, field: FieldPath) => Finding[],
): Finding[] {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, one]) => {
    const path = [...field, Array.isArray(value) ? Number(key) : key];
    return [...check(Array.isArray(value) ? "" : key, path), ...check(one, path)];
  });
}
