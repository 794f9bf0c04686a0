// What makes a page better where scripts run. Nothing here is needed to read or to record.
// The parts are in the folder beside it; a page loads them as one file.
"use strict";
