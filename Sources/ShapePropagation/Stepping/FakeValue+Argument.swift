package import FX
package import FakeTensors
package import SymbolicShapes

extension FakeValue {
  /// The value of an argument without nodes.
  package init(_ constant: Node.Argument, in shapes: ShapeEnv) { self.init(constant: constant, shapes) }

  /// The value of an argument without nodes; submodules are named by their paths below `place`.
  init(constant argument: Node.Argument, _ shapes: ShapeEnv, at place: GraphPlace = .root) {
    switch argument {
    // Callers check that there is no node inside.
    case .node, .none: self = .none
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .float(let value): self = .float(value)
    case .complex(let real, let imaginary): self = .complex(real, imaginary)
    case .ellipsis: self = .opaque("Ellipsis")
    case .string(let text): self = .string(text)
    case .dtype(let dtype): self = .dtype(dtype)
    case .device(let device): self = .device(device)
    case .layout(let layout): self = .layout(layout)
    case .memoryFormat(let format): self = .memoryFormat(format)
    case .operator(let target): self = .opaque(target.text)
    case .symInt(let expression): self = .symInt(shapes.symInt(expression))
    case .symFloat(let expression): self = .symFloat(SymFloat(expression))
    case .symBool(let expression): self = .symBool(SymBool(expression))
    case .tuple(let items): self = .tuple(items.map { FakeValue(constant: $0, shapes, at: place) })
    case .list(let items): self = .list(items.map { FakeValue(constant: $0, shapes, at: place) })
    case .dict(let entries):
      self = .dictionary(entries.map { ($0.key, FakeValue(constant: $0.value, shapes, at: place)) })
    case .slice(let slice):
      self = .slice([slice.start, slice.stop, slice.step].map { FakeValue(constant: $0, shapes, at: place) })
    case .range(let range): self = .opaque("range(\(range.start), \(range.stop), \(range.step))")
    case .submodule(let path): self = .submodule(place.path(of: path))
    case .tensorConstant(let path): self = .opaque(path)
    case .opaque(let opaque): self = .opaque(opaque.text)
    }
  }
}
