// The vendors the bridge can page through, by the word the route table uses. A vendor's module offers
//   request(action, page, key, row) -> {method, path, headers, body}   action: trigger | resolve | confirm
//   verdict(action, answer)         -> {outcome, request_id?, not_taken?}
// where answer is {status, text}. A further vendor is a module and one line here.

import * as opsgenie from "./opsgenie.js";
import * as pagerduty from "./pagerduty.js";

export const VENDORS = { opsgenie, pagerduty };
