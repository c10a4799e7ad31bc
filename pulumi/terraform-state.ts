import * as pulumi from "@pulumi/pulumi";
import * as terraform from "@pulumi/terraform";
import type { TerraformState } from "./config";
import type { DeliveryOutputs } from "./delivery";
import type { ModuleName } from "./modules";
import type { SpeechOutputs } from "./speech";
import type { StorageOutputs } from "./storage";

type Outputs = pulumi.Output<{ readonly [name: string]: unknown }>;

/** The outputs of Terraform's state, read once per deployment. */
export const readTerraformOutputs = (state: TerraformState): Outputs => {
  if (state.backend === "local") return terraform.state.getLocalReferenceOutput({ path: state.path }).outputs;
  const { bucket, key, region } = state;
  return terraform.state.getS3ReferenceOutput({ bucket, key, region }).outputs;
};

/** One output. Null means that Terraform released the module behind it, so somebody else must own it by now. */
const textOf = (outputs: Outputs, name: string, module: ModuleName): pulumi.Output<string> =>
  outputs.apply((all) => {
    const value = all[name];
    if (typeof value === "string" && value !== "") return value;
    throw nobodyOwns(name, module);
  });

const nobodyOwns = (output: string, module: ModuleName): pulumi.RunError =>
  new pulumi.RunError(
    `Terraform's state has no output ${output}: ${module} is owned neither by this stack nor by Terraform. ` +
      `Fix: add ${module} to text-to-speech:owns in Pulumi.${pulumi.getStack()}.yaml, or apply Terraform with it.`,
  );

export const storageFromTerraform = (outputs: Outputs): StorageOutputs => ({
  tableArn: textOf(outputs, "tableArn", "storage"),
  streamArn: textOf(outputs, "streamArn", "storage"),
  bucketName: textOf(outputs, "bucketName", "storage"),
  bucketArn: textOf(outputs, "bucketArn", "storage"),
  bucketRegionalDomainName: textOf(outputs, "bucketRegionalDomainName", "storage"),
});

export const speechFromTerraform = (outputs: Outputs): SpeechOutputs => ({
  lambdaArn: textOf(outputs, "lambdaArn", "speech"),
});

export const deliveryFromTerraform = (outputs: Outputs): DeliveryOutputs => ({
  audioUrl: textOf(outputs, "audioUrl", "delivery"),
});
