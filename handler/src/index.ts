import { assemble } from "./assemble";
import { createClients } from "./clients";
import { readConfig } from "./config";

export const handler = assemble(readConfig(process.env), createClients());
