public import FX
import TensorVocabulary

/// Compares values of two runs: floating-point numbers within a tolerance, all others exactly.
public struct ValueComparison: Sendable {
  /// The tolerance as a part of the second value.
  public var relative = 1e-4
  /// The tolerance as such.
  public var absolute = 1e-5

  /// How two values differ.
  public struct Difference: Sendable {
    /// The first value: what it is, or the element that differs first.
    public let a: String
    /// The second value.
    public let b: String
    /// Where the first element is that differs; empty when the values are of different kinds.
    public let place: [Int]
    /// How many elements differ.
    public let count: Int
    /// The largest absolute difference of two elements, as far as it is a number.
    public let largest: Double?
  }

  /// Makes a comparison with the usual tolerances.
  public init() {}

  /// How `a` and `b` differ; `nil` when they agree.
  public func difference(
    _ a: PyTree<RealTensor>, _ b: PyTree<RealTensor>
  ) throws(LibTorchError) -> Difference? {
    switch (a, b) {
    case (.value(let x), .value(let y)): return try difference(x, y)
    case (.constant(.float(let x)), .constant(.float(let y))):
      if x == y || x.isNaN && y.isNaN || abs(x - y) <= absolute + relative * abs(y) { return nil }
      return Difference(a: "\(x)", b: "\(y)", place: [], count: 1, largest: abs(x - y))
    default: break
    }
    guard let mine = a.elements, let others = b.elements else {
      let (x, y) = (a.text { $0.description }, b.text { $0.description })
      return x == y ? nil : kinds(x, y)
    }
    guard mine.count == others.count else { return kinds("\(mine.count) values", "\(others.count) values") }
    for (x, y) in zip(mine, others) {
      if let difference = try difference(x, y) { return difference }
    }
    return nil
  }

  private func kinds(_ a: String, _ b: String) -> Difference {
    Difference(a: a, b: b, place: [], count: 1, largest: nil)
  }

  private func difference(_ a: RealTensor, _ b: RealTensor) throws(LibTorchError) -> Difference? {
    guard try a.dtype == b.dtype, try a.sizes == b.sizes, try a.layout == b.layout else {
      return kinds(try a.shortText, try b.shortText)
    }
    guard try a.layout == .strided, try a.elementCount > 0 else { return nil }
    let dispatcher = Dispatcher(a.library)
    let dtype = try a.dtype
    let isRounded = dtype.isFloatingPoint || dtype.isComplex
    let (relative, absolute) = isRounded ? (relative, absolute) : (0, 0)
    let isClose = try dispatcher.tensor(
      "aten::isclose", .value(a), .value(b), .constant(.float(relative)), .constant(.float(absolute)),
      .constant(.bool(true)))
    let differs = try dispatcher.tensor("aten::logical_not", .value(isClose))
    let places = try dispatcher.tensor("aten::nonzero", .value(differs))
    let count = try places.sizes.first ?? 0
    guard count > 0 else { return nil }
    let place = try Array(places.elements(as: Int.self).prefix(try a.rank))
    func element(_ tensor: RealTensor) throws(LibTorchError) -> RealTensor {
      var element = tensor
      for index in place {
        element = try dispatcher.tensor(
          "aten::select.int", .value(element), .constant(.int(0)), .constant(.int(index)))
      }
      return element
    }
    return Difference(
      a: "\(try element(a).item)", b: "\(try element(b).item)", place: place, count: count,
      largest: try largest(a, b, dispatcher))
  }

  private func largest(
    _ a: RealTensor, _ b: RealTensor, _ dispatcher: Dispatcher
  ) throws(LibTorchError) -> Double? {
    guard try !a.dtype.isComplex else { return nil }
    let double = PyTree<RealTensor>.constant(.dtype(.float64))
    let x = try dispatcher.tensor("aten::to.dtype", .value(a), double)
    let y = try dispatcher.tensor("aten::to.dtype", .value(b), double)
    let distance = try dispatcher.tensor(
      "aten::abs", .value(try DeviceFunctions(a.library).add(x, y, alpha: -1)))
    return try dispatcher.tensor("aten::max", .value(distance)).item.double
  }
}

extension PyTree<RealTensor> {
  /// The same value with tensors of its own memory, which later calls in place do not change.
  public func copied() throws(LibTorchError) -> PyTree<RealTensor> {
    switch self {
    case .value(let tensor): .value(try Dispatcher(tensor.library).tensor("aten::clone", .value(tensor)))
    case .tuple(let items): .tuple(try items.map { (item) throws(LibTorchError) in try item.copied() })
    case .list(let items): .list(try items.map { (item) throws(LibTorchError) in try item.copied() })
    default: self
    }
  }
}
