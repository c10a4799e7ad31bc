import { literal } from "./documents";
import { resourcePolicy, stackPolicy, TYPES } from "./rules";
import { policySettings } from "./settings";

interface Table {
  readonly streamEnabled?: boolean;
  readonly streamViewType?: string;
  readonly streamArn?: string;
}

interface Mapping {
  readonly eventSourceArn?: string;
}

export const tableStreamsNewImage = resourcePolicy<Table>(
  { name: "table-streams-new-image", description: "The table streams the new image of each request." },
  [TYPES.table],
  ({ streamEnabled, streamViewType }, report) => {
    if (streamEnabled !== true) report("streamEnabled must be true: the function is fed by the stream.");
    if (streamViewType !== "NEW_IMAGE") report(`streamViewType is ${streamViewType}; expected NEW_IMAGE.`);
  },
);

/** Holds whoever owns the table; where this stack does, its current stream is meant and no older one. */
export const mappingReadsThisTable = stackPolicy(
  {
    name: "mapping-reads-this-table",
    description: "The event source mapping reads the stream of this environment's table.",
  },
  (stack, report) => {
    const { name, region } = policySettings();
    const stream = new RegExp(
      `^arn:aws[a-z-]*:dynamodb:${literal(region)}:\\d{12}:table/${literal(name)}/stream/[^*?/]+$`,
    );
    const owned = stack.all<Table>(TYPES.table).map(({ props }) => props.streamArn);
    for (const { props, urn } of stack.all<Mapping>(TYPES.mapping)) {
      const source = String(props.eventSourceArn);
      if (!stream.test(source))
        report(`eventSourceArn is ${source}; expected the stream of table ${name} in ${region}.`, urn);
      else if (owned.length > 0 && !owned.includes(source))
        report(`eventSourceArn is ${source}; expected ${owned.join()}.`, urn);
    }
  },
);

export const streamPolicies = [tableStreamsNewImage, mappingReadsThisTable];
