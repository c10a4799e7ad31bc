import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../config";
import { deploy, type PipelineOutputs } from "../program";
import { attributesOf, type Cloud, outputsOf } from "./cloud";

/** A resource as the program registered it. */
export interface Registered {
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  readonly urn: string;
  /** URN; undefined directly below the stack. */
  readonly parent: string | undefined;
  readonly custom: boolean;
  readonly protect: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface Invoked {
  readonly token: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface Deployment {
  readonly resources: readonly Registered[];
  readonly invokes: readonly Invoked[];
  readonly outputs: Readonly<Record<keyof PipelineOutputs, string>>;
}

interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProtect(): boolean;
  getCustom(): boolean;
}
type Register = (
  request: RegisterRequest,
  callback: (error: unknown, response: { getUrn(): string }) => void,
) => Promise<void>;

/**
 * Deploys against mocks: nothing leaves the process. What is not owned is answered from `terraform`, the outputs that
 * Terraform's state holds; by default those of the same cloud.
 */
export const deployWithMocks = async (
  settings: Settings,
  cloud: Cloud,
  terraform: Readonly<Record<string, unknown>> = outputsOf(settings.name, cloud),
): Promise<Deployment> => {
  const requests: { request: RegisterRequest; urn: string }[] = [];
  const inputs = new Map<string, Record<string, unknown>>();
  const invokes: Invoked[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs: given }) => {
        inputs.set(`${type} ${name}`, given);
        const attributes = attributesOf(type, given, cloud);
        return { id: attributes.id ?? `${name}-id`, state: { ...given, ...attributes } };
      },
      call: ({ token, inputs: given }) => {
        invokes.push({ token, inputs: given });
        return { outputs: terraform };
      },
    },
    "text-to-speech",
    settings.environment,
  );
  recordRequests((request, urn) => requests.push({ request, urn }));
  const outputs = await resolve(deploy(settings));
  await settled();
  const resources = requests.map(({ request, urn }) => ({
    type: request.getType(),
    name: request.getName(),
    urn,
    parent: request.getParent() || undefined,
    custom: request.getCustom(),
    protect: request.getProtect(),
    inputs: inputs.get(`${request.getType()} ${request.getName()}`) ?? {},
  }));
  return { resources, invokes, outputs };
};

/** Mocks are told neither parent nor protection, so the request itself is read on its way. */
const recordRequests = (record: (request: RegisterRequest, urn: string) => void): void => {
  const monitor = pulumi.runtime.getMonitor() as unknown as { registerResource: Register };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) =>
    register(request, (error, response) => {
      if (!error) record(request, response.getUrn());
      callback(error, response);
    });
};

/** The values of the outputs; rejects where one of them cannot be had, which `apply` would only report to the process. */
const resolve = (outputs: PipelineOutputs): Promise<Deployment["outputs"]> => {
  const all = pulumi.all({ ...outputs }) as unknown as { promise(): Promise<Deployment["outputs"]> };
  return all.promise();
};

/** Resources without consumers are registered after the outputs are known. */
const settled = (): Promise<void> => pulumi.runtime.disconnect();
