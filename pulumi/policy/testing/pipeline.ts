import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { attributesOf, type Cloud } from "../../testing/cloud";
import type { Deployment } from "../../testing/mocks";

export interface Part {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  // biome-ignore lint/suspicious/noExplicitAny: cases set whatever a program could, right or wrong.
  readonly props: Record<string, any>;
  readonly opts: { protect: boolean };
}

/** What policies see of a deployed program; cases break it. */
export class Pipeline {
  constructor(readonly parts: Part[]) {}

  static of({ resources }: Deployment, cloud: Cloud): Pipeline {
    return new Pipeline(
      resources.map(({ type, name, urn, inputs, protect }) => ({
        type,
        name,
        urn,
        props: structuredClone({ ...inputs, code: undefined, ...attributesOf(type, inputs, cloud) }),
        opts: { protect },
      })),
    );
  }

  part(type: string): Part {
    const found = this.parts.find((part) => part.type === type);
    if (!found) throw new Error(`the pipeline has no ${type}`);
    return found;
  }

  /** Changes the properties of the one resource of a type. */
  set(type: string, properties: Record<string, unknown>): void {
    Object.assign(this.part(type).props, properties);
  }

  /** Changes a policy document that is a property. */
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  edit(type: string, property: string, change: (statements: any[]) => void): void {
    const { props } = this.part(type);
    const document = JSON.parse(props[property]);
    change(document.Statement);
    props[property] = JSON.stringify(document);
  }

  drop(type: string): void {
    this.parts.splice(this.parts.indexOf(this.part(type)), 1);
  }

  add(type: string, props: Record<string, unknown>): void {
    this.parts.push({
      type,
      name: "added",
      urn: `urn:pulumi:dev::text-to-speech::${type}::added`,
      props,
      opts: { protect: false },
    });
  }
}

/** What a policy says about a pipeline, with the fields that the engine gives and the pack reads. */
export const violationsOf = async (
  policy: ResourceValidationPolicy | StackValidationPolicy,
  { parts }: Pipeline,
): Promise<string[]> => {
  const messages: string[] = [];
  const report = (message: string): number => messages.push(message);
  if ("validateStack" in policy) await policy.validateStack({ resources: parts } as never, report);
  else {
    const validations = [policy.validateResource ?? []].flat();
    for (const validate of validations) for (const part of parts) await validate(part as never, report);
  }
  return messages;
};

/** One way to break the pipeline, and what the policy must say about it. */
export interface Case {
  readonly broken: string;
  readonly by: (pipeline: Pipeline) => void;
  readonly says: RegExp;
}

/** By policy name. */
export type Cases = Readonly<Record<string, readonly Case[]>>;
