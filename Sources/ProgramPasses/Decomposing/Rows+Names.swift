import FX
import FakeTensors

/// Operators that are others under another name, with the same arguments in the same order.
///
/// - Source: `aten/src/ATen/native/native_functions.yaml` and the aliases of `torch/_refs`, v2.13.
extension DecompositionTable {
  static let otherNames: [String: Row] = rows(
    """
    __and__.Scalar bitwise_and.Scalar          __and__.Tensor bitwise_and.Tensor
    __or__.Scalar bitwise_or.Scalar            __or__.Tensor bitwise_or.Tensor
    __xor__.Scalar bitwise_xor.Scalar          __xor__.Tensor bitwise_xor.Tensor
    absolute.default abs.default               arccos.default acos.default
    arccosh.default acosh.default              arcsin.default asin.default
    arcsinh.default asinh.default              arctan.default atan.default
    arctan2.default atan2.default              arctanh.default atanh.default
    clip.default clamp.default                 clip.Tensor clamp.Tensor
    concat.default cat.default                 concatenate.default cat.default
    divide.Scalar div.Scalar                   divide.Tensor div.Tensor
    divide.Tensor_mode div.Tensor_mode         fix.default trunc.default
    ger.default outer.default                  greater.Scalar gt.Scalar
    greater.Tensor gt.Tensor                   greater_equal.Scalar ge.Scalar
    greater_equal.Tensor ge.Tensor             less.Scalar lt.Scalar
    less.Tensor lt.Tensor                      less_equal.Scalar le.Scalar
    less_equal.Tensor le.Tensor                max.other maximum.default
    min.other minimum.default                  multiply.Scalar mul.Scalar
    multiply.Tensor mul.Tensor                 negative.default neg.default
    not_equal.Scalar ne.Scalar                 not_equal.Tensor ne.Tensor
    row_stack.default vstack.default           special_digamma.default digamma.default
    special_erf.default erf.default            special_erfc.default erfc.default
    special_expit.default sigmoid.default      special_expm1.default expm1.default
    special_gammaln.default lgamma.default     special_log1p.default log1p.default
    special_logsumexp.default logsumexp.default special_round.default round.default
    special_sinc.default sinc.default          subtract.Scalar sub.Scalar
    subtract.Tensor sub.Tensor                 true_divide.Scalar div.Scalar
    true_divide.Tensor div.Tensor
    """)

  /// Those that may give a view.
  static let otherViewNames: [String: Row] = rows(
    """
    broadcast_to.default expand.default        moveaxis.int movedim.int
    swapdims.default transpose.int
    """)

  private static func rows(_ names: String) -> [String: Row] {
    let words = names.split(whereSeparator: \.isWhitespace).map { "aten.\($0)" }
    var rows: [String: Row] = [:]
    for position in stride(from: 0, to: words.count - 1, by: 2) {
      let target = words[position + 1]
      rows[words[position]] = { t, c in
        let (args, kwargs) = c.normalized()
        return try t.apply(try t.bound(target, args, kwargs))
      }
    }
    return rows
  }
}
