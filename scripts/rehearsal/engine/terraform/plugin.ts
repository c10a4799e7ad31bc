import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { messageOf } from "../../../lib/errors";
import { listen } from "../aws/engine-service";
import { toBag, toStruct } from "../aws/wire";
import { TERRAFORM_PLUGIN } from "../versions";
import { type Reader, readersFor } from "./readers";

export interface TerraformPlugin {
  readonly port: number;
  stop(): void;
}

type Handler<Request, Response> = (request: Request) => Response | Promise<Response>;

const unary =
  <Request, Response>(handler: Handler<Request, Response>): grpc.handleUnaryCall<Request, Response> =>
  async (call, reply) => {
    try {
      reply(null, await handler(call.request));
    } catch (error) {
      reply({ code: grpc.status.UNKNOWN, message: messageOf(error) });
    }
  };

const invoke = async (
  readers: Readonly<Record<string, Reader>>,
  request: messages.InvokeRequest,
): Promise<messages.InvokeResponse> => {
  const reader = readers[request.getTok()];
  if (!reader) throw new Error(`${request.getTok()} is not served by the rehearsal: it reads local and S3 states only`);
  const outputs = await reader(toBag(request.getArgs()) ?? {});
  const response = new messages.InvokeResponse();
  response.setReturn(toStruct({ outputs }));
  return response;
};

const checkConfig = (request: messages.CheckRequest): messages.CheckResponse => {
  const response = new messages.CheckResponse();
  response.setInputs(request.getNews() ?? new Struct());
  return response;
};

const configure = (): messages.ConfigureResponse => {
  const response = new messages.ConfigureResponse();
  response.setAcceptsecrets(true);
  response.setSupportspreview(true);
  response.setAcceptresources(true);
  return response;
};

const getPluginInfo = (): PluginInfo => {
  const info = new PluginInfo();
  info.setVersion(TERRAFORM_PLUGIN);
  return info;
};

/** A plugin that reads outputs of Terraform states as the official one does, for local files and S3. */
export const startTerraformPlugin = async (
  env: NodeJS.ProcessEnv,
  programFolders: readonly string[],
): Promise<TerraformPlugin> => {
  const readers = readersFor(env, programFolders);
  const server = new grpc.Server();
  server.addService(ResourceProviderService as grpc.ServiceDefinition, {
    attach: unary(() => new Empty()),
    cancel: unary(() => new Empty()),
    getPluginInfo: unary(getPluginInfo),
    checkConfig: unary(checkConfig),
    diffConfig: unary(() => new messages.DiffResponse()),
    configure: unary(configure),
    invoke: unary((request: messages.InvokeRequest) => invoke(readers, request)),
  });
  const port = await listen(server);
  return { port, stop: () => server.forceShutdown() };
};
