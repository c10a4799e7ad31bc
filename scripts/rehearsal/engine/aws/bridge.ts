import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { messageOf, UserError } from "../../../lib/errors";
import { type Guarded, startGuarded } from "../guarded";
import type { BridgeMapping } from "./mapping";

/** Names, schemas and archives are larger than gRPC's default of 4 MB. */
export const LARGE_MESSAGES = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

export interface Bridge {
  readonly pid: number;
  readonly client: ResourceProviderClient;
  readonly ended: Promise<void>;
  mapping(): Promise<BridgeMapping>;
  stop(): Promise<void>;
}

export interface BridgeOptions {
  readonly binary: string;
  /** The terraform-provider-aws program that the bridge drives. */
  readonly awsProviderBinary: string;
  readonly engineAddress: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onLine: (line: string) => void;
}

const START_MS = 60_000;

/** A plugin prints the port that it listens on as its first line. */
const portOf = (start: (onLine: (line: string) => void) => Guarded): Promise<{ port: number; process: Guarded }> =>
  new Promise((resolve, reject) => {
    const said: string[] = [];
    const fail = (why: string): void => {
      reject(new UserError(`the AWS bridge ${why}:\n${said.slice(-10).join("\n")}`));
    };
    const timer = setTimeout(() => fail(`printed no port within ${START_MS / 1000} s`), START_MS);
    const process = start((line) => {
      said.push(line);
      if (!/^\d+$/.test(line)) return;
      clearTimeout(timer);
      resolve({ port: Number(line), process });
    });
    void process.ended.then(() => {
      clearTimeout(timer);
      fail("ended before it was ready");
    });
  });

const parameterize = (client: ResourceProviderClient, awsProviderBinary: string): Promise<void> => {
  const args = new messages.ParameterizeRequest.ParametersArgs();
  // Named, because the bridge would take the version in the file name for a part of the name.
  args.setArgsList([awsProviderBinary, "--provider-name", "aws"]);
  const request = new messages.ParameterizeRequest();
  request.setArgs(args);
  return new Promise((resolve, reject) => {
    client.parameterize(request, (error) =>
      error
        ? reject(new UserError(`the AWS bridge cannot drive ${awsProviderBinary}: ${messageOf(error)}`))
        : resolve(),
    );
  });
};

const readMapping = (client: ResourceProviderClient): Promise<BridgeMapping> => {
  const request = new messages.GetMappingRequest();
  request.setKey("terraform");
  request.setProvider("aws");
  return new Promise((resolve, reject) => {
    client.getMapping(request, (error, response) => {
      if (error) reject(error);
      else resolve(JSON.parse(Buffer.from(response.getData_asU8()).toString()) as BridgeMapping);
    });
  });
};

/** The Terraform provider fails on a custom CA bundle when it is configured a second time in one process. */
const bridgeEnv = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({ ...env, AWS_CA_BUNDLE: undefined });

export const startBridge = async (options: BridgeOptions): Promise<Bridge> => {
  const { port, process } = await portOf((onPort) =>
    startGuarded(options.binary, [options.engineAddress], {
      env: bridgeEnv(options.env),
      onLine: (line) => {
        onPort(line);
        options.onLine(line);
      },
    }),
  );
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), LARGE_MESSAGES);
  const stop = async (): Promise<void> => {
    client.close();
    await process.stop();
  };
  try {
    await parameterize(client, options.awsProviderBinary);
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: process.pid, client, ended: process.ended, mapping: () => readMapping(client), stop };
};
