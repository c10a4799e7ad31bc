import * as grpc from "@grpc/grpc-js";
import { type ResourceProviderClient, ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { UserError } from "../../../lib/errors";
import { AWS_PLUGIN } from "../versions";
import { createArchiveStore } from "./archive-store";
import { type Bridge, type BridgeOptions, LARGE_MESSAGES, startBridge } from "./bridge";
import { officialMapping } from "./differences";
import { type EngineRelay, listen, startEngineRelay } from "./engine-service";
import type { BridgeMapping } from "./mapping";
import { type Edits, editsFor } from "./requests";
import { sdkFunctionTokens, sdkResourceTokens } from "./sdk-tokens";
import { type AllTokens, pairAllTokens } from "./tokens";
import { createTranslation, type Translation } from "./translation";

export interface AwsAdapter {
  readonly port: number;
  /** The bridge's process group, which the Terraform provider is in. */
  readonly pid: number;
  readonly mapping: BridgeMapping;
  readonly tokens: AllTokens;
  /** Resolves when the bridge has ended, which is not meant to happen before `stop`. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export interface AwsAdapterOptions extends Omit<BridgeOptions, "engineAddress"> {
  /** Where code archives are kept by content; as long-lived as the Pulumi state. */
  readonly archiveFolder: string;
  /** Where relative paths of the Pulumi program start. */
  readonly programFolders: readonly string[];
}

type Handlers = grpc.UntypedServiceImplementation;
type AnyCall = grpc.ServerUnaryCall<unknown, unknown>;
type AnyReply = grpc.sendUnaryData<unknown>;
type Upstream = (
  request: unknown,
  metadata: grpc.Metadata,
  callback: (error: grpc.ServiceError | null, response: unknown) => void,
) => grpc.ClientUnaryCall;

const failure = (error: unknown): grpc.ServerErrorResponse =>
  Object.assign(new Error(error instanceof Error ? error.message : String(error)), {
    code: grpc.status.INVALID_ARGUMENT,
  });

/** Passes one call on to the bridge, with its request and its response translated. */
const forward =
  (client: ResourceProviderClient, method: string, edit: Edits[string] | undefined) =>
  (call: AnyCall, reply: AnyReply): void => {
    try {
      const finish = edit?.(call.request);
      const upstream = (client as unknown as Record<string, Upstream>)[method];
      if (!upstream) throw new Error(`the AWS plugin has no method ${method}`);
      const running = upstream.call(client, call.request, new grpc.Metadata(), (error, response) => {
        if (error) return reply(error);
        try {
          finish?.(response);
          reply(null, response);
        } catch (problem) {
          reply(failure(problem));
        }
      });
      call.on("cancelled", () => running.cancel());
    } catch (error) {
      reply(failure(error));
    }
  };

const handlers = (bridge: Bridge, translation: Translation, tokens: AllTokens, relay: EngineRelay): Handlers => {
  const official = (mapping: BridgeMapping): BridgeMapping => officialMapping(mapping, tokens, AWS_PLUGIN);
  const edits = editsFor(translation, relay, official, AWS_PLUGIN);
  const unary = Object.entries(ResourceProviderService as grpc.ServiceDefinition).filter(
    ([, one]) => !one.responseStream,
  );
  return Object.fromEntries(unary.map(([name]) => [name, forward(bridge.client, name, edits[name])]));
};

/** Starts the bridge and a plugin in front of it that speaks as the official AWS plugin does. */
export const startAwsAdapter = async (options: AwsAdapterOptions): Promise<AwsAdapter> => {
  let translation: Translation | undefined;
  const relay = await startEngineRelay((urn) => translation?.sdkUrn(urn) ?? urn, options.onLine);
  const bridge = await startBridge({ ...options, engineAddress: relay.address });
  const server = new grpc.Server(LARGE_MESSAGES);
  const stop = async (): Promise<void> => {
    server.forceShutdown();
    relay.stop();
    await bridge.stop();
  };
  try {
    const mapping = await bridge.mapping();
    const tokens = pairAllTokens(mapping, { resources: sdkResourceTokens(), functions: sdkFunctionTokens() });
    const archives = createArchiveStore(options.archiveFolder, options.programFolders);
    translation = createTranslation(mapping, tokens, archives);
    server.addService(ResourceProviderService as grpc.ServiceDefinition, handlers(bridge, translation, tokens, relay));
    const port = await listen(server);
    return { port, pid: bridge.pid, mapping, tokens, ended: bridge.ended, stop };
  } catch (error) {
    await stop();
    throw new UserError("the AWS plugin could not be started", { cause: error });
  }
};
