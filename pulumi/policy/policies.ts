import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { bucketPolicies } from "./bucket";
import { deliveryPolicies } from "./delivery";
import { functionPolicies } from "./function";
import { namingPolicies } from "./naming";
import { rolePolicies } from "./role";
import { statefulPolicies } from "./stateful";
import { streamPolicies } from "./streams";

/** The whole pack. Each holds at every stage: what the stack does not own is absent, and nothing is asked of it. */
export const policies: (ResourceValidationPolicy | StackValidationPolicy)[] = [
  ...streamPolicies,
  ...functionPolicies,
  ...rolePolicies,
  ...bucketPolicies,
  ...deliveryPolicies,
  ...statefulPolicies,
  ...namingPolicies,
];
