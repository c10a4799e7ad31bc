import { join } from "node:path";

interface Place {
  readonly workspace: string;
  readonly environment: string;
}

/** Where everything of one environment lives in a workspace. */
export const paths = ({ workspace, environment }: Place) => {
  const hcl = join(workspace, "legacy-terraform");
  const program = join(workspace, "pulumi");
  /** What the migration knows about this environment; git-ignored, readable by its owner alone. */
  const migration = join(workspace, ".migration", environment);
  return {
    hcl,
    program,
    migration,
    tfvars: join(hcl, `${environment}.tfvars`),
    backend: join(hcl, `${environment}.s3.tfbackend`),
    stackConfig: join(program, `Pulumi.${environment}.yaml`),
    project: join(program, "Pulumi.yaml"),
    handlerZip: join(workspace, "handler", "dist", "handler.zip"),
    /** Own folder per environment: dev and prod must never share a `.terraform` that points at one backend. */
    terraformData: join(migration, "terraform"),
    journal: join(migration, "journal.jsonl"),
    lock: join(migration, "lock"),
    backups: join(migration, "backups"),
    children: join(migration, "children"),
    plan: (wave: string) => join(migration, `${wave}.plan.json`),
    importFile: (wave: string) => join(migration, `${wave}.import.json`),
    scratch: (name: string) => join(migration, "scratch", name),
  };
};

/** A command as the operator types it; every printed next command has this form. */
export const migrate = (command: string, environment: string, rest = ""): string =>
  `npm run migrate -- ${command} --environment ${environment}${rest ? ` ${rest}` : ""}`;
