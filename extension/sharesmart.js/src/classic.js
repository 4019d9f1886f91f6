// For pages and workers that load scripts and not modules.
import { ShareSmart } from "./index.js";

globalThis.ShareSmart = ShareSmart;
