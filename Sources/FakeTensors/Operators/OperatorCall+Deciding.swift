import OperatorSchemas
public import SymbolicShapes
import TensorVocabulary

/// Decisions about sizes, with errors that name the operator.
extension OperatorCall {
  /// Decides `condition`, guarding on it where hints decide.
  ///
  /// - Throws: ``OperatorError`` of kind `dataDependent` when only a run can tell.
  public func evaluate(_ condition: SymBool) throws -> Bool {
    if let constant = condition.constant { return constant }
    do { return try shapes.evaluate(condition) } catch { throw failure(error) }
  }

  /// Whether two sizes are equal, guarding where it is not known.
  public func isEqual(_ a: SymInt, _ b: SymInt) throws -> Bool {
    a == b ? true : try evaluate(shapes.eq(a, b))
  }

  /// The number behind `value`, guarding on it.
  public func evaluateInt(_ value: SymInt) throws -> Int {
    if let constant = value.constant { return constant }
    do { return try shapes.evaluateInt(value) } catch { throw failure(error) }
  }

  /// `torch._check`: refuses with `law` when `condition` is known to be false; guards or defers otherwise.
  public func check(_ condition: SymBool, _ law: @autoclosure () -> String) throws {
    if condition.constant == true { return }
    do { try shapes.require(condition, law()) } catch {
      var refusal = refusal(law())
      refusal.conflict = error.conflict
      throw refusal
    }
  }

  /// Refuses with `law` when `condition` is false.
  @inlinable
  public func require(_ condition: Bool, _ law: @autoclosure () -> String) throws {
    if !condition { throw refusal(law()) }
  }

  /// `dim` counted from the front; a tensor without dims has one for this purpose.
  public func wrapped(_ dim: Int, rank: Int) throws -> Int {
    let count = Swift.max(rank, 1)
    guard dim >= -count, dim < count else {
      throw refusal(
        "Dimension out of range (expected to be in range of [\(-count), \(count - 1)], but got \(dim))")
    }
    return dim < 0 ? dim + count : dim
  }

  /// Distinct `dims` counted from the front.
  public func wrapped(_ dims: [Int], rank: Int) throws -> [Int] {
    var seen = Set<Int>()
    return try dims.map { dim in
      let position = try wrapped(dim, rank: rank)
      try require(
        seen.insert(position).inserted, "dim \(position) appears multiple times in the list of dims")
      return position
    }
  }

  // Errors

  /// The error of a call that breaks `law`.
  public func refusal(_ law: String, hint: String? = nil) -> OperatorError {
    error(.refused(law), hint: hint)
  }

  /// The error of a call that has no rule here.
  public func unsupported(_ what: String) -> OperatorError { error(.unsupported(what)) }

  /// The error of a decision that failed: one that data has to make, or one that contradicts what is known.
  private func failure(_ error: SymbolicShapeError) -> OperatorError {
    guard let conflict = error.conflict else { return self.error(.dataDependent(error)) }
    var refusal = refusal(error.message)
    refusal.conflict = conflict
    return refusal
  }

  /// An error of `kind` with the arguments of this call.
  public func error(_ kind: OperatorError.Kind, hint: String? = nil) -> OperatorError {
    var given: [(name: String, value: String)] = []
    for (position, argument) in schema.arguments.enumerated() where position < arguments.count {
      if let text = shapes.shortText(of: arguments[position]) { given.append((argument.name, text)) }
    }
    return OperatorError(kind, operator: schema.name.description, arguments: given, hint: hint)
  }

  @usableFromInline
  func wrongArgument(_ position: Int, _ expected: String) -> OperatorError {
    let name = position < schema.arguments.count ? schema.arguments[position].name : "\(position)"
    return error(
      .wrongArgument(name: name, expected: expected, found: shapes.shortText(of: self[position]) ?? "None"))
  }
}

extension ShapeEnv {
  /// `f32[8, s0]`, `u0 + 1`, `[f32[2], i64[2]]`; `nil` for `None`.
  public func shortText(of value: FakeValue) -> String? {
    switch value {
    case .tensor(let tensor): shortText(of: tensor)
    case .symInt(let value): text(of: value)
    case .symFloat(let value): text(of: value.expression)
    case .symBool(let value): text(of: value.expression)
    case .float(let value): "\(value)"
    case .bool(let value): value ? "True" : "False"
    case .complex(let real, let imaginary): "(\(real)+\(imaginary)j)"
    case .string(let text): "'\(text)'"
    case .none: nil
    case .dtype(let dtype): "torch.\(dtype.name)"
    case .device(let device): "\(device)"
    case .layout(let layout): "torch.\(layout.name)"
    case .memoryFormat(let format): "torch.\(format.name)"
    case .sizes(let sizes): shortText(of: sizes)
    case .list(let items): "[" + items.map { shortText(of: $0) ?? "None" }.joined(separator: ", ") + "]"
    case .tuple(let items): "(" + items.map { shortText(of: $0) ?? "None" }.joined(separator: ", ") + ")"
    case .slice(let bounds):
      "slice(" + bounds.map { shortText(of: $0) ?? "None" }.joined(separator: ", ") + ")"
    case .dictionary(let items):
      "{" + items.map { "\($0.key): \(shortText(of: $0.value) ?? "None")" }.joined(separator: ", ") + "}"
    case .submodule(let path): path
    case .opaque(let text): text
    }
  }

  /// Text such as `f32[8, s0]` or `[8, s0]`.
  public func shortText(of tensor: FakeTensor) -> String {
    tensor.dtype.shortName + shortText(of: tensor.sizes)
  }

  /// Text such as `f32[8, s0]` or `[8, s0]`.
  public func shortText(of sizes: Sizes) -> String {
    "[" + sizes.map { text(of: $0) }.joined(separator: ", ") + "]"
  }
}
