import FX

/// Regions of `torch.func.vmap`: a value with a hidden dim is the list of its rows, and a call with such arguments runs
/// once for each row.
///
/// A hidden dim of size 0 has one row of zeros, which says what the results look like.
///
/// The library's C interface has no such mode. Regions in each other have levels; the outer ones, with lower numbers, are
/// looped over first.
///
/// - Source: `torch/_functorch/predispatch.py`, v2.13.
enum BatchedRun {
  private static let type = "vmap"
  private static let prefix = "torch._functorch.predispatch."

  /// The operators that begin and end regions, and hide and show dims.
  enum Operator: String {
    case load = "lazy_load_decompositions"
    case enter = "_vmap_increment_nesting"
    case hide = "_add_batch_dim"
    case show = "_remove_batch_dim"
    case leave = "_vmap_decrement_nesting"

    init?(_ target: Node.Target) {
      guard target.text.hasPrefix(BatchedRun.prefix) else { return nil }
      self.init(rawValue: String(target.text.dropFirst(BatchedRun.prefix.count)))
    }
  }

  /// A value with a hidden dim.
  struct Rows {
    let level: Int
    let rows: [PyTree<RealTensor>]
    /// Whether the dim has size 0, and the row stands for none.
    let isEmpty: Bool

    var value: PyTree<RealTensor> {
      .custom(type: BatchedRun.type, context: "\(level)\(isEmpty ? BatchedRun.emptiness : "")", rows)
    }
  }

  private static let emptiness = " empty"

  /// The rows of a value with a hidden dim.
  static func rows(_ value: PyTree<RealTensor>) -> Rows? {
    guard case .custom(type, let context, let rows) = value else { return nil }
    let isEmpty = context.hasSuffix(emptiness)
    let level = Int(isEmpty ? String(context.dropLast(emptiness.count)) : context)
    return level.map { Rows(level: $0, rows: rows, isEmpty: isEmpty) }
  }

  /// The lowest level of the hidden dims in `values`; `nil` when there are none.
  static func level(of values: [PyTree<RealTensor>]) -> Int? {
    values.lazy.compactMap { value in
      switch value {
      case .custom: rows(value)?.level
      case .tuple(let items), .list(let items), .slice(let items): level(of: items)
      default: nil
      }
    }.min()
  }

  /// `value` as row `index` sees it.
  static func row(_ index: Int, _ level: Int, of value: PyTree<RealTensor>) throws -> PyTree<RealTensor> {
    switch value {
    case .custom:
      guard let batched = rows(value), batched.level == level else { return value }
      guard batched.rows.indices.contains(index) else {
        throw LibTorchError(.argument("hidden dims of one region have different sizes"), operator: "vmap")
      }
      return batched.rows[index]
    case .tuple(let items): return .tuple(try items.map { try row(index, level, of: $0) })
    case .list(let items): return .list(try items.map { try row(index, level, of: $0) })
    case .slice(let items): return .slice(try items.map { try row(index, level, of: $0) })
    default: return value
    }
  }

  /// A value of `level` among `values`.
  static func rows(of level: Int, in values: [PyTree<RealTensor>]) -> Rows? {
    values.lazy.compactMap { value in
      switch value {
      case .custom: rows(value).flatMap { $0.level == level ? $0 : nil }
      case .tuple(let items), .list(let items), .slice(let items): rows(of: level, in: items)
      default: nil
      }
    }.first
  }

  /// The results of all rows as one value: containers stay outside, and numbers, which all rows share, are numbers.
  static func joined(
    _ results: [PyTree<RealTensor>], _ level: Int, isEmpty: Bool
  ) throws -> PyTree<RealTensor> {
    guard let first = results.first else {
      throw LibTorchError(.argument("a hidden dim without rows"), operator: "vmap")
    }
    switch first {
    case .tuple(let items): return .tuple(try columns(items.count, results, level, isEmpty))
    case .list(let items): return .list(try columns(items.count, results, level, isEmpty))
    case .constant(let constant):
      guard results.allSatisfy({ $0.constant == constant }) else {
        throw LibTorchError(.unsupported("a number that is another for each row"), operator: "vmap")
      }
      return first
    default: return Rows(level: level, rows: results, isEmpty: isEmpty).value
    }
  }

  private static func columns(
    _ count: Int, _ results: [PyTree<RealTensor>], _ level: Int, _ isEmpty: Bool
  ) throws -> [PyTree<RealTensor>] {
    try (0..<count).map { column in
      try joined(
        try results.map { result in
          guard let elements = result.elements, elements.count == count else {
            throw LibTorchError(.argument("rows have results of different structure"), operator: "vmap")
          }
          return elements[column]
        }, level, isEmpty: isEmpty)
    }
  }
}

extension RealInterpreter {
  /// Runs one of the operators of a region.
  func runBatching(
    _ row: BatchedRun.Operator, _ args: [PyTree<RealTensor>]
  ) throws -> PyTree<RealTensor> {
    func int(_ position: Int) throws -> Int {
      guard position < args.count, let value = args[position].int else {
        throw LibTorchError(.argument("argument \(position) is no integer"), operator: "vmap")
      }
      return value
    }
    switch row {
    case .load: return .constant(.none)
    case .enter:
      batchLevels += 1
      return .constant(.int(batchLevels))
    case .leave:
      batchLevels = max(0, batchLevels - 1)
      return .constant(.int(batchLevels + 1))
    case .hide:
      let dim = try int(1)
      guard let given = args.first, case .value(let tensor) = given else {
        throw LibTorchError(.argument("it is no tensor"), operator: "vmap")
      }
      var rows = try dispatcher.call("aten::unbind.int", [given, .constant(.int(dim))]).elements ?? []
      let isEmpty = rows.isEmpty
      if isEmpty {
        var sizes = try tensor.sizes
        // Bound: the library has taken `dim` for one of the tensor's.
        sizes.remove(at: dim < 0 ? dim + sizes.count : dim)
        rows = [try dispatcher.call("aten::new_zeros", [given, .list(sizes.map { .constant(.int($0)) })])]
      }
      return try BatchedRun.joined(rows, try int(2), isEmpty: isEmpty)
    case .show where args.isEmpty: throw LibTorchError(.argument("it is given nothing"), operator: "vmap")
    case .show:
      let dim = PyTree<RealTensor>.constant(.int(try int(3)))
      if let batched = BatchedRun.rows(args[0]), batched.level == (try int(1)) {
        let stacked = try dispatcher.call("aten::stack", [.list(batched.rows), dim])
        if !batched.isEmpty { return stacked }
        let zero = PyTree<RealTensor>.constant(.int(0))
        return try dispatcher.call("aten::slice.Tensor", [stacked, dim, zero, zero])
      }
      // The value does not depend on the row.
      guard case .value(let tensor) = try dispatcher.call("aten::unsqueeze", [args[0], dim])
      else { throw LibTorchError(.argument("it is no tensor"), operator: "vmap") }
      var sizes = try tensor.sizes
      guard let place = sizes.indices.first(where: { $0 == (try? int(3)) }) else {
        throw LibTorchError(.unsupported("a dim counted from the end"), operator: "vmap")
      }
      sizes[place] = try int(2)
      return try dispatcher.call("aten::expand", [.value(tensor), .list(sizes.map { .constant(.int($0)) })])
    }
  }

  /// Runs a call once for each row of the outermost hidden dim of its arguments; `nil` when they have none.
  func runRows(
    _ target: Node.Target, _ args: [PyTree<RealTensor>], _ kwargs: [Named<PyTree<RealTensor>>]
  ) throws -> PyTree<RealTensor>? {
    let values = args + kwargs.map(\.value)
    guard let level = BatchedRun.level(of: values), let batched = BatchedRun.rows(of: level, in: values)
    else { return nil }
    // The dims of its own level are what showing a dim is about.
    if BatchedRun.Operator(target) == .show, args.count > 1, args[1].int == level { return nil }
    let results = try batched.rows.indices.map { index in
      try callFunction(
        target, try args.map { try BatchedRun.row(index, level, of: $0) },
        try kwargs.map { Named($0.name, try BatchedRun.row(index, level, of: $0.value)) })
    }
    return try BatchedRun.joined(results, level, isEmpty: batched.isEmpty)
  }
}
