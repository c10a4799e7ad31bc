import { type ProviderMapping, readProviderMapping } from "./provider-mapping";
import mappingJson from "./provider-mapping.json";
import { withSets } from "./provider-sets";
import setsJson from "./provider-sets.json";

let loaded: ProviderMapping | undefined;

/** The committed mapping between the two providers, read once. */
export const providerMapping = (): ProviderMapping => {
  loaded ??= withSets(readProviderMapping(mappingJson), setsJson);
  return loaded;
};
