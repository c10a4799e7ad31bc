import * as pulumi from "@pulumi/pulumi";

/** What the stack's configuration promises; the policies hold the program to it. */
export interface PolicySettings {
  /** Name of the table, and the beginning of every other physical name. */
  readonly name: string;
  readonly region: string;
  readonly owns: readonly string[];
}

/** Read when a policy runs, since a pack is also loaded without a stack, for its description alone. */
export const policySettings = (): PolicySettings => {
  const config = new pulumi.Config("text-to-speech");
  return {
    name: config.require("name"),
    region: new pulumi.Config("aws").require("region"),
    owns: config.requireObject<string[]>("owns"),
  };
};
