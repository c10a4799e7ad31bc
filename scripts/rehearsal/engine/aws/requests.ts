import type { PluginAttach, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import type * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { EngineRelay } from "./engine-service";
import type { BridgeMapping } from "./mapping";
import type { Translation, Translator } from "./translation";
import { type Bag, toBag, toStruct } from "./wire";

/** Changes a request in place; what it returns, if anything, changes the response to it in place. */
// biome-ignore lint/suspicious/noExplicitAny: each entry knows the message of its own method.
type Edit = (request: any) => ((response: any) => void) | undefined;
export type Edits = Record<string, Edit>;

const change = (struct: Struct | undefined, set: (struct: Struct) => void, convert: (bag: Bag) => Bag): void => {
  const bag = toBag(struct);
  if (bag) set(toStruct(convert(bag)));
};

interface Named {
  getUrn(): string;
  setUrn(urn: string): unknown;
  getType(): string;
  setType(type: string): unknown;
}

const paths = (list: readonly string[], translator: Translator, direction: "toBridge" | "toSdk"): string[] =>
  list.map((path) => translator.path(path, direction));

const diffAnswer = (translator: Translator) => (response: messages.DiffResponse) => {
  response.setReplacesList(paths(response.getReplacesList(), translator, "toSdk"));
  response.setStablesList(paths(response.getStablesList(), translator, "toSdk"));
  response.setDiffsList(paths(response.getDiffsList(), translator, "toSdk"));
  const detailed = response.getDetaileddiffMap();
  const entries: [string, messages.PropertyDiff][] = [...detailed.entries()];
  detailed.clear();
  for (const [path, diff] of entries) detailed.set(translator.path(path, "toSdk"), diff);
};

const checkAnswer = (translator: Translator) => (response: messages.CheckResponse) => {
  change(response.getInputs(), (bag) => response.setInputs(bag), translator.toSdk);
  for (const problem of response.getFailuresList()) {
    problem.setProperty(translator.path(problem.getProperty(), "toSdk"));
  }
};

const providerEdits = (provider: Translator): Edits => ({
  checkConfig(request: messages.CheckRequest) {
    change(request.getOlds(), (bag) => request.setOlds(bag), provider.toBridge);
    change(request.getNews(), (bag) => request.setNews(bag), provider.inputs);
    return checkAnswer(provider);
  },
  diffConfig(request: messages.DiffRequest) {
    change(request.getOlds(), (bag) => request.setOlds(bag), provider.toBridge);
    change(request.getNews(), (bag) => request.setNews(bag), provider.toBridge);
    change(request.getOldInputs(), (bag) => request.setOldInputs(bag), provider.toBridge);
    return diffAnswer(provider);
  },
  configure(request: messages.ConfigureRequest) {
    change(request.getArgs(), (bag) => request.setArgs(bag), provider.toBridge);
    const variables = request.getVariablesMap();
    const prefix = "aws:config:";
    const entries: [string, string][] = [...variables.entries()];
    const bag = provider.toBridge(Object.fromEntries(entries.map(([key, value]) => [key.replace(prefix, ""), value])));
    variables.clear();
    for (const [key, value] of Object.entries(bag)) variables.set(`${prefix}${key}`, String(value));
    return undefined;
  },
});

const resourceEdits = (translation: Translation): Edits => {
  const begin = (request: Named): Translator => {
    const urn = request.getUrn();
    const translator = translation.resource(urn);
    request.setUrn(translation.bridgeUrn(urn));
    if (request.getType()) request.setType(translation.bridgeUrn(`::::${request.getType()}`).slice(4));
    return translator;
  };
  return {
    check(request: messages.CheckRequest) {
      const translator = begin(request);
      change(request.getOlds(), (bag) => request.setOlds(bag), translator.toBridge);
      change(request.getNews(), (bag) => request.setNews(bag), translator.inputs);
      return checkAnswer(translator);
    },
    diff(request: messages.DiffRequest) {
      const translator = begin(request);
      change(request.getOlds(), (bag) => request.setOlds(bag), translator.state(request.getId()));
      change(request.getNews(), (bag) => request.setNews(bag), translator.toBridge);
      change(request.getOldInputs(), (bag) => request.setOldInputs(bag), translator.toBridge);
      request.setIgnorechangesList(paths(request.getIgnorechangesList(), translator, "toBridge"));
      return diffAnswer(translator);
    },
    create(request: messages.CreateRequest) {
      const translator = begin(request);
      change(request.getProperties(), (bag) => request.setProperties(bag), translator.toBridge);
      return (response: messages.CreateResponse) =>
        change(response.getProperties(), (bag) => response.setProperties(bag), translator.toSdk);
    },
    read(request: messages.ReadRequest) {
      const translator = begin(request);
      change(request.getProperties(), (bag) => request.setProperties(bag), translator.state(request.getId()));
      change(request.getInputs(), (bag) => request.setInputs(bag), translator.toBridge);
      return (response: messages.ReadResponse) => {
        change(response.getProperties(), (bag) => response.setProperties(bag), translator.toSdk);
        change(response.getInputs(), (bag) => response.setInputs(bag), translator.toSdk);
      };
    },
    update(request: messages.UpdateRequest) {
      const translator = begin(request);
      change(request.getOlds(), (bag) => request.setOlds(bag), translator.state(request.getId()));
      change(request.getNews(), (bag) => request.setNews(bag), translator.toBridge);
      change(request.getOldInputs(), (bag) => request.setOldInputs(bag), translator.toBridge);
      request.setIgnorechangesList(paths(request.getIgnorechangesList(), translator, "toBridge"));
      return (response: messages.UpdateResponse) =>
        change(response.getProperties(), (bag) => response.setProperties(bag), translator.toSdk);
    },
    delete(request: messages.DeleteRequest) {
      const translator = begin(request);
      change(request.getProperties(), (bag) => request.setProperties(bag), translator.state(request.getId()));
      change(request.getOldInputs(), (bag) => request.setOldInputs(bag), translator.toBridge);
      return undefined;
    },
  };
};

/** What is done to each method's request and response; a method that is not named passes unchanged. */
export const editsFor = (
  translation: Translation,
  relay: EngineRelay,
  official: (mapping: BridgeMapping) => BridgeMapping,
  version: string,
): Edits => ({
  ...providerEdits(translation.provider),
  ...resourceEdits(translation),
  invoke(request: messages.InvokeRequest) {
    request.setTok(translation.bridgeFunction(request.getTok()));
    return undefined;
  },
  handshake(request: messages.ProviderHandshakeRequest) {
    relay.attach(request.getEngineAddress());
    request.setEngineAddress(relay.address);
    return undefined;
  },
  attach(request: PluginAttach) {
    relay.attach(request.getAddress());
    request.setAddress(relay.address);
    return undefined;
  },
  getPluginInfo: () => (response: PluginInfo) => response.setVersion(version),
  getMapping: () => (response: messages.GetMappingResponse) => {
    const data = Buffer.from(response.getData_asU8()).toString();
    if (data) response.setData(Buffer.from(JSON.stringify(official(JSON.parse(data) as BridgeMapping))));
  },
});
