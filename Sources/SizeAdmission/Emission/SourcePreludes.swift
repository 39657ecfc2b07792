/// The checked arithmetic that emitted functions call.
enum SourcePreludes {
  /// A power that is computed only if the result is not too large.
  static let pythonPower = """
    def _power(a, b):
        if b < 0 or b > 63 and abs(a) > 1:
            raise OverflowError
        return a ** b



    """

  /// Functions that set `*bad` if the result does not fit 64 bits or is undefined.
  static let c = """
    #include <math.h>
    #include <stdbool.h>
    #include <stddef.h>
    #include <stdint.h>

    static inline int64_t fx_add(int64_t a, int64_t b, bool *bad) {
      int64_t r;
      *bad |= __builtin_add_overflow(a, b, &r);
      return r;
    }
    static inline int64_t fx_mul(int64_t a, int64_t b, bool *bad) {
      int64_t r;
      *bad |= __builtin_mul_overflow(a, b, &r);
      return r;
    }
    static inline int64_t fx_floordiv(int64_t a, int64_t b, bool *bad) {
      if (b == 0 || (b == -1 && a == INT64_MIN)) return *bad = true, 0;
      return a / b - (a % b != 0 && (a % b < 0) != (b < 0));
    }
    static inline int64_t fx_mod(int64_t a, int64_t b, bool *bad) {
      if (b == 0 || b == -1) return *bad |= b == 0 || a == INT64_MIN, 0;
      return a % b + (a % b != 0 && (a % b < 0) != (b < 0) ? b : 0);
    }
    static inline int64_t fx_min(int64_t a, int64_t b) { return a < b ? a : b; }
    static inline int64_t fx_max(int64_t a, int64_t b) { return a > b ? a : b; }
    static inline int64_t fx_abs(int64_t a, bool *bad) { return a < 0 ? fx_mul(a, -1, bad) : a; }
    static inline int64_t fx_pow(int64_t a, int64_t b, bool *bad) {
      int64_t r = 1;
      if (b < 0) *bad = true;
      if (a == 0 || a == 1 || a == -1) return b == 0 ? 1 : a == -1 && b % 2 == 0 ? 1 : a;
      for (int64_t i = 0; i < b && !*bad; i++) r = fx_mul(r, a, bad);
      return r;
    }
    static inline int64_t fx_shr(int64_t a, int64_t b, bool *bad) {
      if (b < 0) *bad = true;
      return b < 0 ? 0 : b > 62 ? -(a < 0) : fx_floordiv(a, (int64_t)1 << b, bad);
    }
    static inline double fx_real(double a, bool *bad) {
      if (isnan(a)) *bad = true;
      return a;
    }
    static inline double fx_div(double a, double b, bool *bad) {
      if (b == 0) *bad = true;
      return b == 0 ? 0 : a / b;
    }
    static inline int64_t fx_int(double a, bool *bad) {
      if (!(a >= -9223372036854775808.0 && a < 9223372036854775808.0)) return *bad = true, 0;
      return (int64_t)a;
    }

    """

  /// Functions inside `refusal` that set `bad` if the result does not fit 64 bits or is undefined.
  static let swift = """
      var bad = false
      func checked(_ result: (partialValue: Int, overflow: Bool)) -> Int {
        if result.overflow { bad = true }
        return result.partialValue
      }
      func add(_ a: Int, _ b: Int) -> Int { checked(a.addingReportingOverflow(b)) }
      func multiply(_ a: Int, _ b: Int) -> Int { checked(a.multipliedReportingOverflow(by: b)) }
      func floorDivide(_ a: Int, _ b: Int) -> Int {
        let quotient = checked(a.dividedReportingOverflow(by: b))
        if bad { return 0 }
        return a % b != 0 && (a % b < 0) != (b < 0) ? quotient - 1 : quotient
      }
      func remainder(_ a: Int, _ b: Int) -> Int {
        let rest = checked(a.remainderReportingOverflow(dividingBy: b))
        return !bad && rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
      }
      func magnitude(_ a: Int) -> Int { a < 0 ? multiply(a, -1) : a }
      func power(_ a: Int, _ b: Int) -> Int {
        if b < 0 { bad = true }
        if bad || a == 0 || a == 1 || a == -1 { return b == 0 ? 1 : a == -1 && b % 2 == 0 ? 1 : a }
        var result = 1
        var left = b
        while left > 0 && !bad {
          result = multiply(result, a)
          left -= 1
        }
        return result
      }
      func shiftRight(_ a: Int, _ b: Int) -> Int {
        if b < 0 { bad = true }
        return b < 0 ? 0 : a >> min(b, 63)
      }
      func real(_ a: Double) -> Double {
        if a.isNaN { bad = true }
        return a
      }
      func divide(_ a: Double, _ b: Double) -> Double {
        if b == 0 { bad = true }
        return a / b
      }
      func integer(_ a: Double, _ rule: FloatingPointRoundingRule) -> Int {
        guard let value = Int(exactly: a.rounded(rule)) else {
          bad = true
          return 0
        }
        return value
      }

    """
}
