import Table from "cli-table3";
import pc from "picocolors";
import type { RehearsalReport } from "./report";
import { STOP_COMMAND } from "./stage";

/** Borders around the table, no line between its rows. */
const COMPACT = { style: { head: [], border: [] }, chars: { mid: "", "left-mid": "", "mid-mid": "", "right-mid": "" } };

const milliseconds = (value: number | null): string => (value === null ? "–" : `${value} ms`);

const stagesTable = ({ stages, requests }: RehearsalReport): string => {
  const table = new Table({
    head: ["while this ran", "sent", "spoken", "lost", "p50", "p99"],
    colAligns: ["left", "right", "right", "right", "right", "right"],
    ...COMPACT,
  });
  for (const { name, sent, spoken, lost, p50Ms, p99Ms } of [...stages, { name: "all", ...requests }]) {
    table.push([name, sent, spoken, lost, milliseconds(p50Ms), milliseconds(p99Ms)]);
  }
  return table.toString();
};

const mark = (ok: boolean): string => (ok ? pc.green("yes") : pc.red("NO"));

const verdictTable = (report: RehearsalReport): string => {
  const { resources, expected, terraform, pulumi, outputs, cloud, requests } = report;
  const calls = cloud.calls.flatMap(({ changes }) => changes);
  const table = new Table(COMPACT);
  table.push(
    ["every resource moved", mark(resources.length === expected), `${pulumi.imported} of ${expected} imported`],
    [
      "Terraform plans no change",
      mark(terraform.changesAfter === 0),
      `${terraform.changesBefore} before, ${terraform.changesAfter} after`,
    ],
    ["Pulumi plans no change", mark(pulumi.changesAfter === 0), `${pulumi.changesAfter} after a refresh`],
    ["outputs are equal", mark(outputs.equal), Object.keys(outputs.pulumi).join(", ")],
    [
      "no request was lost",
      mark(requests.lost === 0 && requests.sent > 0),
      `${requests.spoken} of ${requests.sent} spoken`,
    ],
    ["AWS was not changed", mark(cloud.unchanged), `beside the announced write-back: ${calls.join(", ") || "no call"}`],
  );
  return table.toString();
};

const neverReturned = ({ pulumi }: RehearsalReport): string[] => {
  if (pulumi.neverReturned.length === 0) return [];
  const lines = pulumi.neverReturned.map(
    ({ urn, property, reason }) => `  ${urn.split("::").at(-2)?.split("$").at(-1)} ${property}: ${reason}`,
  );
  return ["", "Written back once, because AWS never returns them:", ...lines];
};

const versionLines = ({ versions }: RehearsalReport): string[] => {
  const { pulumi, pulumiFrom, languageHost, pulumiAws, awsPlugin, bridge, awsProvider } = versions;
  return [
    `Terraform ${versions.terraform}, AWS provider ${awsProvider}`,
    `Pulumi CLI ${pulumi} (${pulumiFrom})${languageHost ? `, Node.js language host ${languageHost}` : ""}`,
    `AWS plugin ${pulumiAws} (${awsPlugin}${bridge ? `: bridge ${bridge} over AWS provider ${awsProvider}` : ""})`,
    `Terraform state plugin ${versions.pulumiTerraform} (${versions.terraformPlugin})`,
  ];
};

const times = ({ seconds }: RehearsalReport): string => {
  const { setUp, rehearsal, own, traffic } = seconds;
  const share = ((own / rehearsal) * 100).toFixed(1);
  return [
    `set-up ${setUp.toFixed(0)} s, rehearsal ${rehearsal.toFixed(0)} s`,
    `of the rehearsal, processor time of our own code ${own.toFixed(1)} s (${share} %), of the traffic ${traffic.toFixed(1)} s`,
  ].join("\n");
};

/** The end of a rehearsal, for people. */
export const printVerdict = (report: RehearsalReport, files: readonly string[]): string =>
  [
    "",
    stagesTable(report),
    "",
    verdictTable(report),
    ...neverReturned(report),
    "",
    ...versionLines(report).map((line) => pc.dim(line)),
    times(report),
    ...files,
    "",
    report.result === "passed"
      ? pc.green("PASSED: the pipeline moved, nothing else did.")
      : pc.red(`DIFFERENT:\n${report.reasons.map((reason) => `  ${reason}`).join("\n")}`),
  ].join("\n");

const quoted = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;

/** What a person types, in the checkout, to go on with the kept rehearsal. The keys are dummies and open nothing. */
export const printByHand = (env: NodeJS.ProcessEnv): string =>
  [
    "",
    "Everything was left running. In a shell of its own:",
    "",
    ...Object.entries(env)
      .filter(([name, value]) => value !== undefined && value !== process.env[name])
      .map(([name, value]) => `  export ${name}=${quoted(value ?? "")}`),
    "",
    "Then, for example:",
    "",
    "  npm run migrate -- status --environment dev --workspace .rehearsal/workspace",
    "  terraform -chdir=.rehearsal/workspace/legacy-terraform plan -var-file=dev.tfvars",
    "  pulumi preview --cwd .rehearsal/workspace/pulumi --stack dev --refresh",
    "",
    `Stop it:  ${STOP_COMMAND}`,
  ].join("\n");
