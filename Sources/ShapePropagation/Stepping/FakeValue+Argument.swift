import FX
import FakeTensors
import SymbolicShapes

extension FakeValue {
  /// The value of a constant argument.
  ///
  /// Nodes inside have no value here and become `None`.
  init(_ argument: Node.Argument, _ shapes: ShapeEnv) {
    switch argument {
    case .node, .none: self = .none
    case .bool(let value): self = .bool(value)
    case .int(let value): self = .int(value)
    case .float(let value): self = .float(value)
    case .complex(let real, let imaginary): self = .complex(real, imaginary)
    case .string(let text): self = .string(text)
    case .dtype(let dtype): self = .dtype(dtype)
    case .device(let device): self = .device(device)
    case .layout(let layout): self = .layout(layout)
    case .memoryFormat(let format): self = .memoryFormat(format)
    case .operator(let target): self = .opaque(target.text)
    case .symInt(let expression): self = .symInt(shapes.symInt(expression))
    case .symFloat(let expression): self = .symFloat(SymFloat(expression))
    case .symBool(let expression): self = .symBool(SymBool(expression))
    case .tuple(let items): self = .tuple(items.map { FakeValue($0, shapes) })
    case .list(let items): self = .list(items.map { FakeValue($0, shapes) })
    case .dict(let entries): self = .dictionary(entries.map { ($0.name, FakeValue($0.value, shapes)) })
    case .slice(let slice):
      self = .tuple([slice.start, slice.stop, slice.step].map { FakeValue($0, shapes) })
    case .range(let range): self = .tuple([range.start, range.stop, range.step].map { .int($0) })
    case .submodule(let path): self = .submodule(path)
    case .tensorConstant(let path): self = .opaque(path)
    case .opaque(let opaque): self = .opaque(opaque.text)
    }
  }
}
