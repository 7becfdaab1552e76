/** Faults of choosing and ordering rows and columns. */
export const select = [
  {
    file: "core/indexing.js",
    why: "a mask chose rows by their labels, so query() after a sort or a filter returned other rows",
    from: `_formatedRows.push(_index[i]);`,
    to: `_formatedRows.push(i);`,
  },
  {
    file: "core/indexing.js",
    why: "the position just behind the last row was let through",
    from: `if (_indexToUse > ndFrame.shape[0]) {`,
    to: `if (_indexToUse >= ndFrame.shape[0]) {`,
  },
  {
    file: "core/indexing.js",
    why: "the position just behind the last column was let through",
    from: `if (_indexToUse > ndFrame.shape[1]) {`,
    to: `if (_indexToUse >= ndFrame.shape[1]) {`,
  },
  {
    file: "core/indexing.js",
    why: "an unknown column gave a column of nothing",
    from: `_columnIndexes = [_columnNames.indexOf(columns[0])];`,
    to: `if (!_columnNames.includes(columns[0])) {
                throw new Error("ColumnIndexError: Specified column (" + columns[0] + ") not found");
            }
            _columnIndexes = [_columnNames.indexOf(columns[0])];`,
  },
  {
    file: "core/indexing.js",
    why: "the time to choose columns grew with the square of the number of rows",
    from: `_rowIndexes = _index.map(function (indexValue) { return _index.indexOf(indexValue); });`,
    to: `_rowIndexes = _index.map(function (_, i) { return i; });`,
  },
  {
    file: "core/indexing.js",
    why: "the same for a mask",
    from: `rowsIndexToUse.push(_index.indexOf(_index[i]));`,
    to: `rowsIndexToUse.push(i);`,
  },
  {
    file: "core/frame.js",
    why: "the time to sort grew with the square of the number of rows",
    from: `return { index: index[i], value: value };`,
    to: `return { index: i, value: value };`,
  },
  {
    file: "core/frame.js",
    why: "the same",
    from: `var newDf = (0, indexing_1._loc)({ ndFrame: this, rows: sortedIndex });`,
    to: `var newDf = (0, indexing_1._iloc)({ ndFrame: this, rows: sortedIndex });`,
  },
  {
    file: "shared/utils.js",
    why: "a missing value made the order random; now it comes last",
    from: `var sortedValues = arr.sort(function (obj1, obj2) {`,
    to: `var sortedValues = arr.sort(function (obj1, obj2) {
            var missing = mended.isMissing(obj1.value) - mended.isMissing(obj2.value);
            if (missing !== 0 || mended.isMissing(obj1.value)) return missing;`,
  },
  {
    file: "core/series.js",
    why: "strings were sorted the wrong way round, and equal numbers changed places",
    from: `var sortedIdx = utils.sortArrayByIndex(rangeIdx, this.values, this.dtypes[0]);`,
    to: `var values = this.values;
        var sortedIdx = utils.sortObj(rangeIdx.map(function (i) { return { index: i, value: values[i] }; }), ascending).map(function (obj) { return obj.index; });`,
  },
  {
    file: "core/series.js",
    why: "the same",
    from: `        if (ascending) {
            sortedValues = sortedValues.reverse();
            sortedIndex = sortedIndex.reverse();
        }
`,
    to: ``,
  },
  {
    file: "core/series.js",
    why: "argSort() gave labels where it should give positions",
    from: `var sortedIndex = this.sortValues({ ascending: ascending });`,
    to: `var sortedIndex = this.resetIndex().sortValues({ ascending: ascending });`,
  },
  {
    file: "core/frame.js",
    why: "sample() took labels for positions",
    from: `tensorflowlib_1.default.data.array(this.index)`,
    to: `tensorflowlib_1.default.data.array(utils.range(0, this.shape[0] - 1))`,
  },
  {
    file: "core/series.js",
    why: "the same",
    from: `tensorflowlib_1.default.data.array(this.index)`,
    to: `tensorflowlib_1.default.data.array(utils.range(0, this.shape[0] - 1))`,
  },
  {
    file: "shared/utils.js",
    why: "a table without rows could not be made, sorted or sliced",
    from: `if (end < start) {`,
    to: `if (end === start - 1) {
            return [];
        }
        if (end < start) {`,
  },
  {
    file: "core/frame.js",
    why: "drop({ columns: 'abc' }) also dropped a column 'b', ignored unknown names, and drop({ index: 0 }) was refused",
    from: `if (!columns && !index) {
            throw Error('ParamError: Must specify one of columns or index');`,
    to: `if (typeof columns === "string") columns = [columns];
        if (["string", "number", "boolean"].includes(typeof index)) index = [index];
        if (!columns && !index) {
            throw Error('ParamError: Must specify one of columns or index');`,
  },
  {
    file: "core/frame.js",
    why: "columns with only null were kept",
    from: `if (!values.includes(NaN)) {`,
    to: `if (!values.some(mended.isMissing)) {`,
  },
  {
    file: "core/series.js",
    why: "dropDuplicates({ keep: 'last' }) turned the series itself round",
    from: `dataArr = this.values.reverse();`,
    to: `dataArr = this.values.slice().reverse();`,
  },
  {
    file: "core/series.js",
    why: "the same",
    from: `oldIndex = this.index.reverse();`,
    to: `oldIndex = this.index.slice().reverse();`,
  },
];
