import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "./config";
import { Delivery, type DeliveryOutputs } from "./delivery";
import { namesFor } from "./names";
import { Speech, type SpeechOutputs } from "./speech";
import { Storage, type StorageOutputs } from "./storage";
import {
  deliveryFromTerraform,
  readTerraformOutputs,
  speechFromTerraform,
  storageFromTerraform,
} from "./terraform-state";

/** What the stack exports: the same names and values as Terraform's outputs. */
export type PipelineOutputs = StorageOutputs & SpeechOutputs & DeliveryOutputs;

/**
 * Registers what the stack owns and reads the rest from Terraform's outputs.
 * A module that changes hands keeps its values, so its consumers show no difference.
 */
export const deploy = (settings: Settings): PipelineOutputs => {
  const names = namesFor(settings.name);
  const owned = new Set(settings.owns);
  const fromTerraform = outputsOfTerraform(settings);

  const storage = owned.has("storage") ? new Storage("storage", { names }) : storageFromTerraform(fromTerraform());
  const speech = owned.has("speech")
    ? new Speech("speech", { ...settings, names, storage })
    : speechFromTerraform(fromTerraform());
  const delivery = owned.has("delivery")
    ? new Delivery("delivery", { name: settings.name, names, storage })
    : deliveryFromTerraform(fromTerraform());

  return {
    tableArn: storage.tableArn,
    streamArn: storage.streamArn,
    bucketName: storage.bucketName,
    bucketArn: storage.bucketArn,
    bucketRegionalDomainName: storage.bucketRegionalDomainName,
    lambdaArn: speech.lambdaArn,
    audioUrl: delivery.audioUrl,
  };
};

/** Reads the state at most once, and not at all when everything is owned. */
const outputsOfTerraform = ({ terraformState }: Settings): (() => ReturnType<typeof readTerraformOutputs>) => {
  let outputs: ReturnType<typeof readTerraformOutputs> | undefined;
  return () => {
    if (!terraformState)
      throw new pulumi.RunError("text-to-speech:terraformState is needed until every module is owned");
    outputs ??= readTerraformOutputs(terraformState);
    return outputs;
  };
};
