import { readSettings } from "./config";
import { deploy } from "./program";

export const { tableArn, streamArn, bucketName, bucketArn, bucketRegionalDomainName, lambdaArn, audioUrl } = deploy(
  readSettings(),
);
