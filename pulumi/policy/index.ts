import { PolicyPack } from "@pulumi/policy";
import { policies } from "./policies";

new PolicyPack("text-to-speech", { policies, enforcementLevel: "mandatory" });
