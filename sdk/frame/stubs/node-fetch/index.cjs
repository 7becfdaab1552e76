"use strict";
// Node has fetch itself.
module.exports = (address, options) => fetch(address, options);
