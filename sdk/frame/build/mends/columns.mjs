/** Faults of making frames and changing their columns. */
export const columns = [
  {
    file: "core/generic.js",
    why: "records whose keys stood in another order, or lacked one, put values under wrong columns",
    from: `var _data = (data).map(function (item) {
                return Object.values(item);
            });`,
    to: `var _keys = mended.keysOf(data);
            var _data = (data).map(function (item) {
                return _keys.map(function (key) { return utils.keyInObject(item, key) ? item[key] : NaN; });
            });`,
  },
  {
    file: "core/generic.js",
    why: "the same",
    from: `_columnNames = Object.keys((data)[0]);`,
    to: `_columnNames = _keys;`,
  },
  {
    file: "core/generic.js",
    why: "a frame without rows could not be shown or sliced, for want of types of its columns",
    from: `if (dtypes === undefined)
                dtypes = [];`,
    to: `if (dtypes === undefined || dtypes.length === 0)
                dtypes = columns.map(function () { return "undefined"; });`,
  },
  {
    file: "shared/defaults.js",
    why: "only the first 20 rows were asked for the type of a column, so that later strings went for numbers",
    from: `dtypeTestLim: 20,`,
    to: `dtypeTestLim: Infinity,`,
  },
  {
    file: "shared/utils.js",
    why: "strings of digits, such as the CPU list '0', were taken for numbers: '1' + 5 was '15'",
    from: `else if (!isNaN(Number(ele))) {`,
    to: `else if (typeof ele !== "string" && !isNaN(Number(ele))) {`,
  },
  {
    file: "core/frame.js",
    why: "a column named values, index or shape hid the member that danfojs needs, and one added twice was refused",
    from: `Object.defineProperty(self, column, {`,
    to: `if (!mended.isReserved(column)) Object.defineProperty(self, column, {
                configurable: true,`,
  },
  {
    file: "core/frame.js",
    why: "the same",
    from: `Object.defineProperty(this_1, column_1, {`,
    to: `if (!mended.isReserved(column_1)) Object.defineProperty(this_1, column_1, {
                    configurable: true,`,
  },
  {
    file: "core/frame.js",
    why: "a column set on one frame was set on every frame that shares its rows",
    from: `var colunmValuesToAdd;`,
    to: `var colunmValuesToAdd;
        this.$data = this.$data.map(function (row) { return row.slice(); });`,
  },
  {
    file: "core/frame.js",
    why: "a Series that was set as a column stood in the frame in place of its values",
    from: `this.$dataIncolumnFormat[columnIndex] = arr;`,
    to: `this.$dataIncolumnFormat[columnIndex] = colunmValuesToAdd.slice();`,
  },
  {
    file: "core/frame.js",
    why: "addColumn() of a column that is there changed the frame itself and returned nothing",
    from: `    else {
            this.$setColumnData(column, values);
        }`,
    to: `    else if (inplace) {
            this.$setColumnData(column, values);
        }
        else {
            var changed = this.copy();
            changed.$setColumnData(column, values);
            return changed;
        }`,
  },
  {
    file: "core/frame.js",
    why: "the type of a column added at a position went to another column",
    from: `dtypes: __spreadArray(__spreadArray([], this.dtypes, true), [utils.inferDtype(colunmValuesToAdd)[0]], false),`,
    to: `dtypes: utils.inferDtype(newData),`,
  },
  {
    file: "core/frame.js",
    why: "a copy shared its rows with the original",
    from: `var df = new DataFrame(__spreadArray([], this.$data, true), {`,
    to: `var df = new DataFrame(this.$data.map(function (row) { return row.slice(); }), {`,
  },
  {
    file: "core/frame.js",
    why: "fillNa({ columns }) changed the frame itself",
    from: `var valueArr = tempData[i];`,
    to: `var valueArr = tempData[i].slice();`,
  },
];
