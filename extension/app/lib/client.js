// The member's side of ShareSmart sells itself with the same library that it offers to others.
import { config } from "../config.js";
import { ShareSmart } from "./sharesmart.js";

export { config };
export const sharesmart = ShareSmart(config);
