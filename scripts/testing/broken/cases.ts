import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MigrationBench } from "../../commands/testing/bench";

/** A way in which one side comes to say something else while a wave is adopted. */
export interface Broken {
  readonly what: string;
  /** Makes it so, and returns what takes it back. */
  readonly breakIt: (bench: MigrationBench) => Promise<() => Promise<void>>;
  /** What `verify` must say: the resource, the property, and both values. */
  readonly says: readonly RegExp[];
}

const edit = async (path: string, change: (text: string) => string): Promise<() => Promise<void>> => {
  const text = await readFile(path, "utf8");
  const changed = change(text);
  if (changed === text) throw new Error(`${path} is not as the case expects it`);
  await writeFile(path, changed);
  return () => writeFile(path, text);
};

const inWorkspace =
  (file: string, from: string, to: string): Broken["breakIt"] =>
  ({ context }) =>
    edit(join(context.workspace, file), (text) => text.replace(from, to));

interface State {
  readonly checkpoint: { readonly latest: { readonly resources: { type: string; id?: string }[] } };
}

/** Exchanges the physical ids of two resources in Pulumi's state, as a mix-up in an import file would. */
const swapIds: Broken["breakIt"] = ({ places, context }) => {
  const path = join(places.pulumiState, ".pulumi", "stacks", "text-to-speech", `${context.environment}.json`);
  return edit(path, (text) => {
    const state = JSON.parse(text) as State;
    const of = (type: string) => state.checkpoint.latest.resources.find((each) => each.type === type);
    const one = of("aws:cloudfront/distribution:Distribution");
    const other = of("aws:cloudfront/originAccessControl:OriginAccessControl");
    if (!one?.id || !other?.id) throw new Error("the wave is not in Pulumi's state");
    [one.id, other.id] = [other.id, one.id];
    return JSON.stringify(state);
  });
};

export const BROKEN: readonly Broken[] = [
  {
    what: "a property changed in the program",
    breakIt: inWorkspace("pulumi/delivery.ts", '"redirect-to-https"', '"https-only"'),
    says: [/Distribution::audio: .*viewerProtocolPolicy.*redirect-to-https.*https-only/],
  },
  {
    what: "a property changed in the HCL",
    breakIt: inWorkspace("legacy-terraform/delivery/main.tf", '"Spoken requests of ', '"Spoken by '),
    says: [/aws_cloudfront_distribution\.audio: .*comment.*Spoken requests of ttsslsguru.*Spoken by ttsslsguru/],
  },
  {
    what: "a resource dropped from the program",
    breakIt: inWorkspace("pulumi/delivery.ts", "    audioBucketPolicy(args, distribution, this);\n", ""),
    says: [/BucketPolicy::audio: pulumi preview would delete it: the program does not have it/],
  },
  {
    what: "two ids swapped in Pulumi's state",
    breakIt: swapIds,
    says: [/aws_cloudfront_distribution\.audio .*id.*Terraform "E\w+", Pulumi "E\w+"/],
  },
];
