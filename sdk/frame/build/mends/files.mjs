/** Faults of reading and writing files. */
export const files = [
  {
    file: "io/node/io.csv.js",
    why: "a cell with a comma, a quote or a line break broke the file",
    from: `var row = rows[i].join(sep) + "\\n";`,
    to: `var row = mended.csvLine(rows[i], sep) + "\\n";`,
  },
  {
    file: "io/node/io.csv.js",
    why: "the same for column names",
    from: `df.columns.join(sep) + "\\n"`,
    to: `mended.csvLine(df.columns, sep) + "\\n"`,
  },
  {
    file: "io/node/io.csv.js",
    why: "the same for a series",
    from: `var csv = df.values.join(sep);`,
    to: `var csv = mended.csvLine(df.values, sep);`,
  },
  {
    file: "io/node/io.json.js",
    why: "a file that is not there ended the process",
    times: 2,
    from: `reject("ENOENT: no such file or directory");`,
    to: `return reject(new Error("ENOENT: no such file or directory: " + filePath));`,
  },
  {
    file: "io/node/io.json.js",
    why: "a file that is not JSON ended the process",
    from: `var df = new __1.DataFrame(JSON.parse(file), frameConfig);`,
    to: `var df;
                            try {
                                df = new __1.DataFrame(JSON.parse(file), frameConfig);
                            }
                            catch (error) {
                                return reject(error);
                            }`,
  },
  {
    file: "io/node/io.json.js",
    why: "an answer that is not JSON was never told",
    from: `response.json().then(function (json) {`,
    to: `return response.json().then(function (json) {`,
  },
  {
    file: "io/node/io.excel.js",
    why: "a file that is not there ended the process",
    from: `reject("ENOENT: no such file or directory");`,
    to: `return reject(new Error("ENOENT: no such file or directory: " + filePath));`,
  },
  {
    file: "io/node/io.excel.js",
    why: "the refusal to read spreadsheets ended the process",
    from: `var workbook = (0, xlsx_1.readFile)(filePath, parsingOptions);`,
    to: `var workbook;
                            try {
                                workbook = (0, xlsx_1.readFile)(filePath, parsingOptions);
                            }
                            catch (error) {
                                return reject(error);
                            }`,
  },
];
