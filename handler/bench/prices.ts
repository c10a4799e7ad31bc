/** A list price in USD, before any free tier. */
interface Price {
  readonly usd: number;
  readonly per: string;
  readonly source: string;
}

/** Region us-east-1, as published in November 2026. Prices change: check the source before relying on a sum. */
export const PRICES = {
  pollyCharacters: { usd: 4, per: "million characters, standard voices", source: "aws.amazon.com/polly/pricing" },
  s3Put: { usd: 5, per: "million PUT requests", source: "aws.amazon.com/s3/pricing" },
  s3Head: { usd: 0.4, per: "million HEAD requests", source: "aws.amazon.com/s3/pricing" },
  lambdaRequests: { usd: 0.2, per: "million invocations", source: "aws.amazon.com/lambda/pricing" },
  lambdaGbSecond: { usd: 0.0000133334, per: "GB-second, arm64", source: "aws.amazon.com/lambda/pricing" },
  logs: { usd: 0.5, per: "GB of logs taken in", source: "aws.amazon.com/cloudwatch/pricing" },
} as const satisfies Record<string, Price>;

/** What one handler does for each record, as measured or counted. */
export interface Usage {
  /** Seconds of a whole batch, and records in it. */
  readonly seconds: number;
  readonly records: number;
  readonly heads: number;
  readonly puts: number;
  readonly logBytes: number;
}

/** As the production environment gives the function. */
const MEMORY_GB = 0.5;
const MILLION = 1_000_000;

/** USD for a million requests, without Polly: Lambda, S3 and the logs. Reads of the stream by Lambda are free. */
export const costOfMillionRequests = ({ seconds, records, heads, puts, logBytes }: Usage): number => {
  const invocations = MILLION / records;
  const lambda = PRICES.lambdaRequests.usd / records + invocations * seconds * MEMORY_GB * PRICES.lambdaGbSecond.usd;
  const s3 = puts * PRICES.s3Put.usd + heads * PRICES.s3Head.usd;
  return lambda + s3 + ((logBytes * MILLION) / 1e9) * PRICES.logs.usd;
};
