// A process of its own: speaking takes a processor for a tenth of a second at a time.
import { messageOf } from "../../lib/errors";
import { iamGate, openGate } from "./permission";
import { pollyServer } from "./server";

const [port = "0", iamEndpoint, region = "us-east-1"] = process.argv.slice(2);

const server = pollyServer(iamEndpoint ? iamGate(iamEndpoint, region) : openGate);
server.on("error", (error) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
});
server.listen(Number(port), "127.0.0.1");
process.on("SIGTERM", () => process.exit(0));
