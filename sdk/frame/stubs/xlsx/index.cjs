"use strict";
// Stands in for the spreadsheet library of danfojs-node, which is published outside the package registry only.

function refuse() {
  throw new Error(
    "Spreadsheet files are not supported here: no spreadsheet library is installed. Save the sheet as CSV and use readCSV and toCSV.",
  );
}

module.exports = {
  read: refuse,
  readFile: refuse,
  writeFile: refuse,
  utils: { sheet_to_json: refuse, aoa_to_sheet: refuse, book_new: refuse, book_append_sheet: refuse },
};
