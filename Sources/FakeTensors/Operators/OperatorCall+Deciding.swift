import OperatorSchemas
public import SymbolicShapes
import TensorVocabulary

/// Decisions about sizes, with errors that name the operator.
extension OperatorCall {
  /// Decides `condition`; guards where hints decide.
  ///
  /// - Throws: ``OperatorError`` of kind `dataDependent` if the condition is data-dependent.
  public func evaluate(_ condition: SymBool) throws -> Bool {
    if let constant = condition.constant { return constant }
    do { return try shapes.evaluate(condition) } catch { throw failure(error) }
  }

  /// Whether two sizes are equal; guards if that is not statically known.
  public func isEqual(_ a: SymInt, _ b: SymInt) throws -> Bool {
    a == b ? true : try evaluate(shapes.eq(a, b))
  }

  /// The integer behind `value`; guards on it.
  public func evaluateInt(_ value: SymInt) throws -> Int {
    if let constant = value.constant { return constant }
    do { return try shapes.evaluateInt(value) } catch { throw failure(error) }
  }

  /// The number behind `value`; guards on it.
  public func evaluateFloat(_ value: SymFloat) throws -> Double {
    do { return try shapes.evaluateFloat(value) } catch { throw failure(error) }
  }

  /// `torch._check`: refuses with `law` if `condition` is known to be false, otherwise guards or defers.
  public func check(_ condition: SymBool, _ law: @autoclosure () -> String) throws {
    if condition.constant == true { return }
    do { try shapes.require(condition, law()) } catch {
      var refusal = refusal(law())
      refusal.conflict = error.conflict
      throw refusal
    }
  }

  /// Refuses with `law` if `condition` is false.
  @inlinable
  public func require(_ condition: Bool, _ law: @autoclosure () -> String) throws {
    if !condition { throw refusal(law()) }
  }

  /// Refuses with `law` if `condition` is false, although an actual run would succeed.
  public func requireWhenTraced(_ condition: Bool, _ law: @autoclosure () -> String) throws {
    if !condition { throw error(.refusedWhenTraced(law())) }
  }

  /// `dim` counted from the front; a tensor without dims is treated as having one.
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
    var positions: [Int] = []
    positions.reserveCapacity(dims.count)
    for dim in dims {
      let position = try wrapped(dim, rank: rank)
      try require(!positions.contains(position), "dim \(position) appears multiple times in the list of dims")
      positions.append(position)
    }
    return positions
  }

  // Errors

  /// The error of a call that breaks `law`.
  public func refusal(_ law: String, hint: String? = nil) -> OperatorError {
    error(.refused(law), hint: hint)
  }

  /// The error for a call that has no rule here.
  public func unsupported(_ what: String) -> OperatorError { error(.unsupported(what)) }

  /// The error for a failed decision: it is data-dependent or contradicts what is known.
  func failure(_ error: SymbolicShapeError) -> OperatorError {
    guard let conflict = error.conflict else { return self.error(.dataDependent(error)) }
    var refusal = refusal(error.message)
    refusal.conflict = conflict
    return refusal
  }

  /// An error of `kind` with the arguments of the call.
  public func error(_ kind: OperatorError.Kind, hint: String? = nil) -> OperatorError {
    var given: [(name: String, value: String)] = []
    for (position, argument) in schema.arguments.enumerated() where position < arguments.count {
      if let text = shapes.shortText(of: arguments[position]) { given.append((argument.name, text)) }
    }
    return OperatorError(kind, operator: schema.name.description, arguments: given, hint: hint)
  }

  @usableFromInline
  func wrongArgument(_ position: Int, _ expected: String) -> OperatorError {
    error(
      .wrongArgument(
        name: argumentName(position), expected: expected, found: shapes.text(of: self[position])))
  }

  /// The name of the argument at a position in errors.
  func argumentName(_ position: Int) -> String {
    position < schema.arguments.count ? schema.arguments[position].name : "\(position)"
  }
}
