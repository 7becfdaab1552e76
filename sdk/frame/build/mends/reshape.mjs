/** Faults of group-by, merge and concat. */
export const reshape = [
  {
    file: "aggregators/groupby.js",
    why: "keys joined with '-' put ('x-y', 'z') and ('x', 'y-z') into one group",
    from: `var index = indexes.join('-');`,
    to: String.raw`var index = indexes.join("\u001f");`,
  },
  {
    file: "aggregators/groupby.js",
    why: "the same for the group asked for",
    from: `var dictKey = keys.join("-");`,
    to: String.raw`var dictKey = keys.join("\u001f");`,
  },
  {
    file: "aggregators/groupby.js",
    why: "the same for the order of groups",
    from: `var firstKey = key.split("-")[0];`,
    to: String.raw`var firstKey = key.split("\u001f")[0];`,
  },
  {
    file: "aggregators/groupby.js",
    why: "null counted as 0, and one NaN spoiled a whole group",
    from: `Groupby.prototype.groupMathLog = function (colVal, ops) {`,
    to: `Groupby.prototype.groupMathLog = function (colVal, ops) {
        if (ops.startsWith("cum")) return mended.cumulate(colVal, ops.slice(3));
        colVal = colVal.filter(function (value) { return !mended.isMissing(value); });
        if (colVal.length === 0 && ops !== "count") return [NaN];`,
  },
  {
    file: "core/frame.js",
    why: "an unknown column made one group of everything",
    from: `var colIndex = col.map(function (val) { return columns.indexOf(val); });`,
    to: `var colIndex = col.map(function (val) {
            if (!columns.includes(val)) throw new Error("ParamError: column \\"" + val + "\\" not found in columns " + columns);
            return columns.indexOf(val);
        });`,
  },
  {
    file: "transformers/merge.js",
    why: "keys joined with '_' matched ('x_y', 'z') with ('x', 'y_z')",
    from: `var rowKeyComb = rowKeyCombValues.join('_');`,
    to: String.raw`var rowKeyComb = rowKeyCombValues.join("\u001f");`,
  },
  {
    file: "transformers/merge.js",
    why: "a key column that one frame lacks was left out, which joined every row with every row",
    from: `var key = this.on[i];`,
    to: `var key = this.on[i];
            if (!this.left.columns.includes(key) || !this.right.columns.includes(key)) {
                throw new Error("ParamError: column \\"" + key + "\\" must be in both frames, which have " + this.left.columns + " and " + this.right.columns);
            }`,
  },
  {
    file: "transformers/merge.js",
    why: "an unknown or missing how gave a frame without rows",
    from: `this.how = how;`,
    to: `this.how = how;
        if (!["inner", "outer", "left", "right"].includes(how)) {
            throw new Error("ParamError: how is " + how + "; it must be one of inner, outer, left, right");
        }`,
  },
  {
    file: "transformers/merge.js",
    why: "the time of an inner merge grew with the square of the number of keys",
    from: `return rightKey.includes(val);`,
    to: `return utils.keyInObject(rightKeyDict, val);`,
  },
  {
    file: "transformers/concat.js",
    why: "an empty frame could not be concatenated",
    times: 2,
    from: `columnData = df.getColumnData;`,
    to: `columnData = df.columns.map(function (name) { return df.$getColumnData(name, false) || []; });`,
  },
  {
    file: "transformers/concat.js",
    why: "padding went into the first frame's own columns",
    from: `(_a = allDf[value]).push.apply(_a, nanList);`,
    to: `allDf[value] = allDf[value].concat(nanList);`,
  },
  {
    file: "transformers/concat.js",
    why: "rows of the other frames went into the first frame's own columns",
    from: `(_a = allDf[column]).push.apply(_a, colData);`,
    to: `allDf[column] = allDf[column].concat(colData);`,
  },
  {
    file: "transformers/concat.js",
    why: "the same for columns that a later frame lacks",
    from: `(_b = allDf[column]).push.apply(_b, residualArray);`,
    to: `allDf[column] = allDf[column].concat(residualArray);`,
  },
  {
    file: "transformers/concat.js",
    why: "frames of one column became a series",
    from: `if (Object.keys(allDf).length === 1) {`,
    to: `if (Object.keys(allDf).length === 1 && !dfList.some(function (df) { return df instanceof frame_1.default; })) {`,
  },
  {
    file: "transformers/concat.js",
    why: "more rows than a function takes arguments overflowed the stack",
    from: `residualArray.push.apply(residualArray, colData);`,
    to: `residualArray = residualArray.concat(colData);`,
  },
];
