/** Faults of arithmetic, comparison and counting. Most come from JavaScript taking null for 0. */
export const compute = [
  {
    file: "core/math.ops.js",
    why: "null + 1 was 1",
    from: `var ndFrame = _a.ndFrame, other = _a.other, operation = _a.operation;`,
    to: `var ndFrame = mended.operand(_a.ndFrame), other = mended.operand(_a.other), operation = _a.operation;`,
  },
  {
    file: "core/series.js",
    why: "null < 5 was true",
    from: `var rVal = rSeries[i];`,
    to: `var rVal = rSeries[i];
            if (!["eq", "ne"].includes(bOps)) {
                lVal = mended.nanForMissing(lVal);
                rVal = mended.nanForMissing(rVal);
            }`,
  },
  {
    file: "core/series.js",
    why: "the absolute of null was 0",
    from: `return Math.abs(val);`,
    to: `return Math.abs(mended.nanForMissing(val));`,
  },
  {
    file: "core/frame.js",
    why: "the same",
    from: `return Math.abs(val);`,
    to: `return Math.abs(mended.nanForMissing(val));`,
  },
  {
    file: "core/series.js",
    why: "the mean of nothing but missing values ended in a TypeError",
    from: `return (values.reduce(function (a, b) { return a + b; }) / values.length);`,
    to: `return (values.reduce(function (a, b) { return a + b; }, 0) / values.length);`,
  },
  {
    file: "core/series.js",
    why: "a missing value spoiled every running total behind it",
    from: `var data = [tempval];`,
    to: `var data = mended.cumulate(sData, ops);
        sData = [];`,
  },
  {
    file: "core/frame.js",
    why: "the same",
    from: `var data = [tempval];`,
    to: `var data = mended.cumulate(sData, ops);
            sData = [];`,
  },
  {
    file: "core/frame.js",
    why: "running totals behind a missing value moved to another row",
    from: `var result = this.$getDataByAxisWithMissingValuesRemoved(axis);
        var newData = result.map(function (sData) {`,
    to: `var result = this.$getDataArraysByAxis(axis);
        var newData = result.map(function (sData) {`,
  },
  {
    file: "core/frame.js",
    why: "apply() gave rows without their missing values, so that the others stood in wrong places",
    from: `var valuesForFunc = this.$getDataByAxisWithMissingValuesRemoved(axis);`,
    to: `var valuesForFunc = this.$getDataArraysByAxis(axis);`,
  },
  {
    file: "core/series.js",
    why: "values such as 1.5 and '4-core' were counted as 1 and 4",
    from: `return parseInt(x) ? parseInt(x) : x;`,
    to: `return String(Number(x)) === x ? Number(x) : x;`,
  },
  {
    file: "core/series.js",
    why: "the value 'constructor' could not be counted",
    from: `var dataDict = {};`,
    to: `var dataDict = Object.create(null);`,
  },
  {
    file: "core/series.js",
    why: "null became the number 0",
    from: `var oldValues = __spreadArray([], this.values, true);`,
    to: `var oldValues = this.values.map(mended.nanForMissing);`,
  },
  {
    file: "core/frame.js",
    why: "the same, or a TypeError; and rows shared with other frames were changed",
    from: `var data = this.values;
        var newData = data.map(function (row) {`,
    to: `var data = this.values;
        var newData = data.map(function (row) {
            row = row.slice();
            if (mended.isMissing(row[columnIndex])) return row;`,
  },
];
