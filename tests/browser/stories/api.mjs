/* The API's description, as a public validator reads it. */
import { Validator } from "@seriousme/openapi-schema-validator";

export const title = "The API's description";

export const stories = {
  async "openapi.json is valid OpenAPI 3.1"(stage) {
    const answer = await fetch(`${stage.server.url}/openapi.json`);
    const validator = new Validator();
    const result = await validator.validate(await answer.json());
    stage.check(answer.headers.get("content-type").startsWith("application/json"), "openapi.json is JSON");
    stage.check(validator.version === "3.1", `openapi.json says that it is 3.1 (${validator.version})`);
    stage.check(result.valid, `openapi.json is valid: ${JSON.stringify(result.errors ?? "no errors").slice(0, 500)}`);
  },
};
