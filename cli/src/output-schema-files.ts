/** The schemas of `output-schemas.ts` as they are shipped. */
import { z } from "zod";
import { outputSchemas } from "./output-schemas.ts";

/** JSON Schemas (draft 2020-12) by the names of their files. */
export function outputSchemaFiles(): ReadonlyMap<string, string> {
	return new Map(
		Object.entries(outputSchemas).map(([command, schema]) => {
			const made = z.toJSONSchema(schema, {
				override: ({ jsonSchema }) => {
					// Whoever reads the output takes no part in what is read-only, and later versions may add to it.
					delete jsonSchema.readOnly;
					delete jsonSchema.additionalProperties;
				},
			});
			const title = `What 'openbsd-vnet ${command}' prints as JSON`;
			return [`${command}.schema.json`, `${JSON.stringify({ title, ...made }, undefined, "\t")}\n`];
		}),
	);
}
