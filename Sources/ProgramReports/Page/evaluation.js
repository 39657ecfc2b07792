// Expressions: entry i is a number, the name of a symbol, or [operation, operands…]

function floorDivide(a, b) { return b === 0 ? null : Math.floor(a / b); }
function modulo(a, b) { return b === 0 ? null : a - b * Math.floor(a / b); }
function roundHalfToEven(x) {
  const floor = Math.floor(x);
  return x - floor === 0.5 ? floor + (floor % 2 === 0 ? 0 : 1) : Math.round(x);
}

const operations = {
  "+": (...values) => values.reduce((a, b) => a + b), "*": (...values) => values.reduce((a, b) => a * b),
  "^": (base, exponent) => base ** exponent, "PowByNatural": (base, exponent) => base ** exponent,
  "FloorDiv": floorDivide, "CleanDiv": floorDivide, "CeilDiv": (a, b) => b === 0 ? null : Math.ceil(a / b),
  "Mod": modulo, "PythonMod": modulo, "ModularIndexing": (a, b, c) => b === 0 ? null : modulo(Math.floor(a / b), c),
  "Max": (...values) => Math.max(...values), "Min": (...values) => Math.min(...values), "Abs": Math.abs,
  "IntTrueDiv": (a, b) => b === 0 ? null : a / b, "FloatTrueDiv": (a, b) => b === 0 ? null : a / b,
  "ToFloat": a => a, "Identity": a => a, "TruncToInt": Math.trunc, "CeilToInt": Math.ceil, "FloorToInt": Math.floor,
  "RoundToInt": roundHalfToEven, "Where": (condition, a, b) => condition ? a : b,
  "==": (a, b) => a === b, "!=": (a, b) => a !== b, "<": (a, b) => a < b, "<=": (a, b) => a <= b,
  ">": (a, b) => a > b, ">=": (a, b) => a >= b, "and": (...values) => values.every(Boolean),
  "or": (...values) => values.some(Boolean), "not": a => !a,
};

/** The values of all expressions for given symbols; null where there is none. */
function evaluated(expressions, environment) {
  const values = [];
  for (const expression of expressions) {
    let value;
    if (typeof expression === "number") value = expression;
    else if (typeof expression === "string") value = environment.get(expression) ?? null;
    else {
      const [name, ...operands] = expression;
      const operation = operations[name];
      // The exponent of a power is a number, not the place of an expression.
      const arguments_ = name === "^" ? [values[operands[0]], operands[1]] : operands.map(operand => values[operand]);
      value = !operation || arguments_.some(argument => argument === null) ? null : operation(...arguments_);
      if (typeof value === "number" && (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER)) value = null;
    }
    values.push(value);
  }
  return values;
}

// The compiled check, step by step as AdmissionCheck runs it; registers are 64-bit integers or null

const bits = new DataView(new ArrayBuffer(8));
function toFloat(register) { bits.setBigInt64(0, register); return bits.getFloat64(0); }
function toRegister(float) { bits.setFloat64(0, float); return bits.getBigInt64(0); }
function fitting(value) { return BigInt.asIntN(64, value) === value ? value : null; }
function exactInteger(float) { return Number.isFinite(float) ? fitting(BigInt(float)) : null; }
function truth(value) { return value ? 1n : 0n; }
function quotient(a, b) {
  if (b === 0n) return null;
  const result = a / b;
  return fitting(a % b !== 0n && (a < 0n) !== (b < 0n) ? result - 1n : result);
}
function remainder(a, b) {
  if (b === 0n) return null;
  const result = a % b;
  return result !== 0n && (result < 0n) !== (b < 0n) ? result + b : result;
}

const steps = {
  add: (a, b) => fitting(a + b), multiply: (a, b) => fitting(a * b), floorDivide: quotient, remainder,
  minimum: (a, b) => a < b ? a : b, maximum: (a, b) => a > b ? a : b, magnitude: a => fitting(a < 0n ? -a : a),
  power: (a, b) => b < 0n || b > 63n && a !== 0n && a !== 1n && a !== -1n ? null
    : fitting(a ** (b > 63n ? 62n + b % 2n : b)),
  shiftLeft: (a, b) => b < 0n || b > 63n ? null : fitting(a << b),
  shiftRight: (a, b) => b < 0n ? null : a >> (b > 63n ? 63n : b),
  bitAnd: (a, b) => a & b, bitOr: (a, b) => a | b, bitXor: (a, b) => a ^ b,
  toFloat: a => toRegister(Number(a)), addFloats: (a, b) => toRegister(toFloat(a) + toFloat(b)),
  multiplyFloats: (a, b) => toRegister(toFloat(a) * toFloat(b)),
  divideFloats: (a, b) => toFloat(b) === 0 ? null : toRegister(toFloat(a) / toFloat(b)),
  divideIntegers: (a, b) => b === 0n ? null : toRegister(Number(a) / Number(b)),
  truncate: a => exactInteger(Math.trunc(toFloat(a))), roundDown: a => exactInteger(Math.floor(toFloat(a))),
  roundUp: a => exactInteger(Math.ceil(toFloat(a))), roundHalfToEven: a => exactInteger(roundHalfToEven(toFloat(a))),
  equal: (a, b) => truth(a === b), unequal: (a, b) => truth(a !== b), less: (a, b) => truth(a < b),
  lessOrEqual: (a, b) => truth(a <= b), equalFloats: (a, b) => truth(toFloat(a) === toFloat(b)),
  unequalFloats: (a, b) => truth(toFloat(a) !== toFloat(b)), lessFloats: (a, b) => truth(toFloat(a) < toFloat(b)),
  lessOrEqualFloats: (a, b) => truth(toFloat(a) <= toFloat(b)), not: a => truth(a === 0n),
};
const demands = {
  demand: a => a !== 0n, demandEqual: (a, b) => a === b, demandUnequal: (a, b) => a !== b,
  demandLess: (a, b) => a < b, demandLessOrEqual: (a, b) => a <= b,
};

/** What the check says: {verdict: admitted | refused | undecided | unexplored, constraints: [numbers]}. */
function checked(sizes) {
  const registers = [...sizes.map(BigInt), ...data.check.constants.map(BigInt)];
  const problems = [];
  for (const [code, target, a, b, c] of data.check.steps) {
    const [x, y] = [registers[a] ?? null, registers[b] ?? null];
    if (code === "admit") {
      if (x !== null && x !== 0n) {
        if (!problems.length) return { verdict: "admitted", constraints: [] };
        break;
      }
    } else if (code === "refuse") {
      if (x !== null && x !== 0n) problems.push(["refused", target]);
    } else if (code in demands) {
      const needed = demands[code].length === 1 ? x === null : x === null || y === null;
      if (needed) problems.push(["undecided", target]);
      else if (!demands[code](x, y)) problems.push(["refused", target]);
    } else if (code === "and" || code === "or") {
      const decided = x !== null && (x !== 0n) === (code === "or");
      registers[target] = x === null ? null : decided ? truth(code === "or") : y === null ? null : truth(y !== 0n);
    } else if (code === "select") {
      const condition = registers[c] ?? null;
      registers[target] = condition === null ? null : condition !== 0n ? x : y;
    } else {
      const step = steps[code];
      const missing = !step || x === null || step.length === 2 && y === null;
      registers[target] = missing ? null : step(x, y);
    }
  }
  if (problems.length) return { verdict: problems[0][0], constraints: problems.map(([, number]) => number) };
  return { verdict: data.check.byPath ? "unexplored" : "admitted", constraints: [] };
}
