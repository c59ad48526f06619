// Lets the tests call the bridge's pure functions in the real runtime. Not shipped.

import * as core from "./core.js";
import * as delivery from "./delivery.js";
import * as incident from "./incident.js";
import * as opsgenie from "./opsgenie.js";
import * as pagerduty from "./pagerduty.js";
import * as route from "./route.js";
import * as secrets from "./secrets.js";
import * as signature from "./signature.js";
import * as text from "./text.js";

const modules = { core, delivery, incident, opsgenie, pagerduty, route, secrets, signature, text };

export default {
  async fetch(request) {
    const asked = await request.json();
    const given = asked.arguments.map((value) => {
      if (value?.$bytes !== undefined) return new TextEncoder().encode(value.$bytes);
      return value?.$headers === undefined ? value : new Headers(value.$headers);
    });
    const result = await modules[asked.module][asked.function](...given);
    return Response.json({ result }, { status: 200 });
  },
};
