import SymbolicShapes

/// What tensors know about their mode: its identity and its symbols.
///
/// The mode itself holds tensors, so they must not hold it.
@usableFromInline
final class ModeIdentity {
  let shapes: ShapeEnv

  init(shapes: ShapeEnv) { self.shapes = shapes }
}

extension FakeTensorMode {
  /// Whether `tensor` was created in this mode.
  ///
  /// The storages and symbols of a tensor are numbers in its mode, so in another mode they would be mistaken for
  /// something else.
  public func owns(_ tensor: FakeTensor) -> Bool { tensor.metadata.identity === identity }
}

extension OperatorCall {
  /// Refuses tensors of other modes.
  ///
  /// - Throws: ``OperatorError/Kind/foreignTensor(name:)``.
  func requireOwnTensors() throws(OperatorError) {
    for position in arguments.indices
    where arguments[position].containsTensor(where: { !mode.owns($0) }) {
      throw error(.foreignTensor(name: argumentName(position)))
    }
  }
}

extension FakeTensor: CustomStringConvertible {
  /// Dtype and sizes, such as `f32[s0, 4]`, with the symbols of the tensor's mode.
  public var description: String { metadata.identity.shapes.shortText(of: self) }
}

extension FakeValue: CustomStringConvertible {
  /// The value as text: `f32[s0, 4]`, `8`, `[f32[s0], i64[2]]`.
  ///
  /// A symbolic number does not know its symbols and is printed as `…`; `ShapeEnv.text(of:)` prints it in full.
  public var description: String {
    switch self {
    case .tensor(let tensor): tensor.description
    case .symInt(let value): value.description
    case .sizes(let sizes): sizes.description
    case .symFloat, .symBool: "…"
    case .list(let items): "[" + items.map(\.description).joined(separator: ", ") + "]"
    case .tuple(let items): "(" + items.map(\.description).joined(separator: ", ") + ")"
    case .slice(let bounds): "slice(" + bounds.map(\.description).joined(separator: ", ") + ")"
    case .dictionary(let items):
      "{" + items.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
    default: plainText
    }
  }
}
