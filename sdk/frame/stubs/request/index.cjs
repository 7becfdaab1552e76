"use strict";
// Stands in for the HTTP client of danfojs-node, which is no longer maintained.

function refuse() {
  throw new Error(
    "Reading a table from a web address is not supported here: no HTTP client is installed. Download the file first and give its path.",
  );
}

module.exports = Object.assign(refuse, { get: refuse });
