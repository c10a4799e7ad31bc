import { z } from "zod";
import { type Bag, secret } from "../aws/wire";

const stateShape = z.object({
  version: z.literal(4),
  outputs: z.record(z.string(), z.object({ value: z.unknown(), sensitive: z.boolean().optional() })).default({}),
});

/**
 * The outputs in a Terraform state (format 4), each with the value's own type; sensitive ones are Pulumi secrets.
 * @param where names the state in messages.
 * @throws Error when it is no such state.
 */
export const outputsOf = (text: string, where: string): Bag => {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error(`${where} is not a Terraform state: it is no JSON`);
  }
  const parsed = stateShape.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${where} is not a Terraform state of format 4: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  return Object.fromEntries(
    Object.entries(parsed.data.outputs).map(([name, { value, sensitive }]) => [
      name,
      sensitive ? secret(value) : value,
    ]),
  );
};
