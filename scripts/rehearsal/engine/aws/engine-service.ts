import * as grpc from "@grpc/grpc-js";
import { EngineClient, EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

/**
 * What the bridge takes for its engine. The bridge logs from its first moment on and dies without a listener; every CLI
 * run then comes with an engine of its own. So the bridge keeps this address, and messages go on to the engine that
 * attached last, with the type that it knows in their URN.
 */
export interface EngineRelay {
  readonly address: string;
  attach(address: string): void;
  stop(): void;
}

type Unary<Request, Response> = (
  call: grpc.ServerUnaryCall<Request, Response>,
  reply: grpc.sendUnaryData<Response>,
) => void;

export const listen = (server: grpc.Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });

export const startEngineRelay = async (
  sdkUrn: (urn: string) => string,
  onLog: (text: string) => void,
): Promise<EngineRelay> => {
  let engine: EngineClient | undefined;
  const log: Unary<messages.LogRequest, Empty> = (call, reply) => {
    const { request } = call;
    if (request.getSeverity() > messages.LogSeverity.DEBUG) onLog(request.getMessage());
    request.setUrn(sdkUrn(request.getUrn()));
    // Between two runs there is no engine; its answer is of no consequence either.
    engine?.log(request, () => undefined);
    reply(null, new Empty());
  };
  const noRoot: Unary<messages.GetRootResourceRequest, messages.GetRootResourceResponse> = (_call, reply) =>
    reply(null, new messages.GetRootResourceResponse());
  const server = new grpc.Server();
  server.addService(EngineService as grpc.ServiceDefinition, { log, getRootResource: noRoot } as never);
  const port = await listen(server);
  return {
    address: `127.0.0.1:${port}`,
    attach(address) {
      engine?.close();
      engine = new EngineClient(address, grpc.credentials.createInsecure());
    },
    stop() {
      engine?.close();
      server.forceShutdown();
    },
  };
};
