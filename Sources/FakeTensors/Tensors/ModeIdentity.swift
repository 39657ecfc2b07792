import SymbolicShapes

/// What tensors know of the mode that they live in: that it is this one and no other, and what its symbols are.
///
/// The mode itself holds tensors, which must not hold it in turn.
@usableFromInline
final class ModeIdentity {
  let shapes: ShapeEnv

  init(shapes: ShapeEnv) { self.shapes = shapes }
}

extension FakeTensorMode {
  /// Whether `tensor` was made in this mode.
  ///
  /// Storages and symbols of tensors are numbers in their mode, so a tensor of another one would be taken for
  /// something else here.
  public func owns(_ tensor: FakeTensor) -> Bool { tensor.metadata.identity === identity }
}

extension OperatorCall {
  /// Refuses tensors of another mode.
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
  /// `f32[s0, 4]`: dtype and sizes, as ``SymbolicShapes/ShapeEnv`` of the tensor's mode knows them.
  public var description: String { metadata.identity.shapes.shortText(of: self) }
}

extension FakeValue: CustomStringConvertible {
  /// `f32[s0, 4]`, `8`, `[f32[s0], i64[2]]`.
  ///
  /// A symbolic number alone does not know its symbols: `ShapeEnv.text(of:)` writes it, here it is `…`.
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
