/** The module worker that tests run in. */

import { main, reportStray } from "./browser.mjs";

main().catch(reportStray);
