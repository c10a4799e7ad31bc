import type { RehearsalReport } from "./report";

type Judged = Omit<RehearsalReport, "result" | "reasons">;

/** Every promise of the rehearsal, each with what was found instead. An empty list is the only pass. */
export const brokenPromises = (report: Judged): string[] => {
  const { requests, terraform, pulumi, outputs, cloud, resources, expected, complaint } = report;
  const unexpected = cloud.calls.flatMap(({ command, unexpected }) => unexpected.map((call) => `${command}: ${call}`));
  const checks: readonly (readonly [broken: boolean, text: string])[] = [
    [expected === 0, "the map names no resource"],
    [resources.length !== expected, `${resources.length} resources were moved, the map names ${expected}`],
    [complaint !== "", complaint],
    [pulumi.imported !== resources.length, `${pulumi.imported} of ${resources.length} resources were imported`],
    [terraform.changesBefore !== 0, `Terraform had ${terraform.changesBefore} changes before the migration`],
    [terraform.changesAfter !== 0, `Terraform has ${terraform.changesAfter} changes after the migration`],
    [pulumi.changesAfter !== 0, `Pulumi has ${pulumi.changesAfter} changes after the migration`],
    [Object.values(outputs.terraform).some((value) => value === null), "Terraform had no value for an output"],
    [!outputs.equal, `the outputs differ: ${JSON.stringify(outputs.terraform)} and ${JSON.stringify(outputs.pulumi)}`],
    [requests.sent === 0, "no request was sent"],
    [requests.lost > 0, `${requests.lost} of ${requests.sent} requests were lost`],
    [unexpected.length > 0, `the cloud was changed: ${unexpected.join(", ")}`],
  ];
  return checks.filter(([broken]) => broken).map(([, text]) => text);
};
