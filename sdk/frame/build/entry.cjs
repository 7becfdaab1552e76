"use strict";
// danfojs-node, with one DataFrame and one Series. It has two of each: those users make are subclasses with file
// functions, those that head(), query(), concat() … return are base classes without.
const danfojs = require("danfojs-node");

function single(Derived) {
  const Base = Object.getPrototypeOf(Derived);
  for (const name of ["toCSV", "toJSON", "toExcel"]) Base.prototype[name] = Derived.prototype[name];
  return Base;
}

module.exports = { ...danfojs, DataFrame: single(danfojs.DataFrame), Series: single(danfojs.Series) };
