import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { clientSettings } from "../isolation";
import { type Audio, expectedAudio } from "../polly";

/** Both ends of the pipeline, as somebody uses it who puts in a text and fetches the audio. */
export interface Pipeline {
  put(id: number, text: string): Promise<void>;
  /** The audio of requests after this Id, as S3 describes it. */
  list(afterId: number): Promise<ReadonlyMap<number, Audio>>;
  /** What Polly says to this text. */
  expected(text: string): Promise<Audio>;
}

export interface PipelineAddress {
  /** The emulator itself, not the recording proxy. */
  readonly endpoint: string;
  readonly pollyEndpoint: string;
  readonly region: string;
  readonly tableName: string;
  readonly bucketName: string;
}

export const connect = (address: PipelineAddress): Pipeline => {
  const settings = clientSettings(address.endpoint, address.region);
  const table = new DynamoDBClient(settings);
  const bucket = new S3Client(settings);
  return {
    put: async (id, text) => {
      const Item = { Id: { N: String(id) }, text: { S: text } };
      await table.send(new PutItemCommand({ TableName: address.tableName, Item }));
    },
    list: async (afterId) => {
      // Ids have the same number of digits, so the order of the keys is theirs.
      const query = { Bucket: address.bucketName, StartAfter: `${afterId}.mp3` };
      const { Contents = [] } = await bucket.send(new ListObjectsV2Command(query));
      const found = Contents.map(({ Key = "", Size = 0, ETag = "" }): [number, Audio] => [
        Number(Key.replace(/\.mp3$/, "")),
        { bytes: Size, md5: ETag.replaceAll('"', "") },
      ]);
      return new Map(found);
    },
    expected: (text) => expectedAudio(address.pollyEndpoint, text),
  };
};
