import fc from "fast-check";

/** The variables of the programs below; the later half is declared by some statements only. */
export const variables = ["a", "b", "c", "d", "i", "v", "u", "w"];

const name = fc.constantFrom("a", "b", "c", "d");

/** Joins what templates and choices give to one text. */
function text(parts: TemplateStringsArray, ...choices: fc.Arbitrary<string>[]): fc.Arbitrary<string> {
  return fc.tuple(...choices).map((chosen) => String.raw({ raw: parts }, ...chosen));
}

const operator = fc.constantFrom("+", "-", "*", "<", "??");
const assignment = fc.constantFrom("=", "+=", "-=");
const ending = fc.constantFrom(";", "", " // done", " /* done */;");
const count = fc.constantFrom("0", "1", "3");

const { statement } = fc.letrec<{ expression: string; statement: string }>((tie) => {
  const [e, s] = [tie("expression"), tie("statement")];
  return {
    expression: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      fc.nat(9).map(String),
      name,
      text`((${e}) ${operator} (${e}) as any)`,
      text`(await (${e}))`,
      text`(await Promise.resolve(${e}) as number)`,
      text`(${e} satisfies unknown)!`,
      text`plus(${e})`,
      text`(await same<number>(${e}))`,
      text`[${e}, ...(await [${e}])].length`,
      text`((x: number, { y }: { y: number } = { y: ${count} }): number => x + y)(${e})`,
      text`(${e} ? ${e} : ${e})`,
      text`new Box(${e}).value`,
    ),
    statement: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      text`${name} ${assignment} ${e}${ending}`,
      text`if (${e})\n  ${s}\nelse\n  ${s}`,
      text`for (let j = 0; j < ${count}; j++)\n  ${s}`,
      text`for (var i = 0; i < ${count} && steps++ < 20; i++)\n  ${s}`,
      text`for await (const x of [1, ${e}])\n  ${s}`,
      text`for (var [, w] of [[1, ${e}]]) { c = w as number\n  ${s}\n}`,
      text`{ const a: number = ${count}; let z = a\n  b = z }`,
      text`var v = ${e}, { u } = { u: v }${ending}`,
      text`try { throw ${e} } catch (error) { ${name} = error as number } finally { d++ }`,
      text`void ([${name}, ${name}] = [${e}, ${e}])`,
      text`void ({ a: ${name} } = { a: ${e} });`,
      text`switch (${e}) { case 1: a++; break; default: ${s}\n}`,
      text`do ${s}\nwhile (false)`,
    ),
  };
});

const declaration = text`let steps = 0 // two loops may count with the same variable
${fc.constantFrom("let", "var")} a: number = ${count}, b = 1 as number
${fc.constantFrom("let", "var")} { c, d = 2 }: { c: number; d?: number } = { c: ${count} }${ending}`;

/** Random programs, as a head that declares and statements: loops, awaits, patterns, types, few semicolons and braces. */
export const programs = fc.tuple(declaration, fc.array(statement, { minLength: 1, maxLength: 6 }));

/** What the programs call; it stands at the end, where functions are lifted from. */
export const helpers = `
class Box<T> { constructor(readonly value: T) {} }
function plus(x: number): number { return x + 1 }
async function same<T>(x: T): Promise<T> { return await x }`;
