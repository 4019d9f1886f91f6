import { config } from "./config.js";
import { ShareSmart } from "./sharesmart.js";

ShareSmart(config).startBackground();
