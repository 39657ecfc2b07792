import FakeTensors
import SymbolicShapes
import TensorVocabulary

/// What a call may change in its arguments.
struct TensorMetadata: Equatable {
  let sizes: Sizes
  let strides: Sizes
  let storageOffset: SymInt
  let isConjugate: Bool
  let isNegative: Bool

  init(_ tensor: FakeTensor) {
    sizes = tensor.sizes
    strides = tensor.strides
    storageOffset = tensor.storageOffset
    isConjugate = tensor.isConjugate
    isNegative = tensor.isNegative
  }
}

/// Encodes values in their tagged form.
struct CaseWriter {
  let mode: FakeTensorMode
  let arguments: [FakeTensor]

  func value(_ value: FakeValue) -> [String: Any] {
    switch value {
    case .tensor(let tensor): ["tensor": metadata(tensor)]
    case .symInt(let value):
      value.constant.map { ["int": $0] } ?? ["symint": expression(mode.shapes.text(of: value))]
    case .symFloat(let value): ["symfloat": expression(mode.shapes.text(of: value.expression))]
    case .symBool(let value):
      value.constant.map { ["bool": $0] } ?? ["symbool": expression(mode.shapes.text(of: value.expression))]
    case .float(let value): ["float": value.isFinite ? value : "\(value)"]
    case .bool(let value): ["bool": value]
    case .complex(let real, let imaginary): ["complex": [real, imaginary]]
    case .string(let text): ["str": text]
    case .none: ["none": true]
    case .dtype(let dtype): ["dtype": dtype.name]
    case .device(let device): ["device": "\(device)"]
    case .layout(let layout): ["layout": layout.name]
    case .memoryFormat(let format): ["memory_format": format.name]
    case .sizes(let sizes): ["list": sizes.map { self.value(.symInt($0)) }]
    case .list(let items): ["list": items.map(self.value)]
    case .slice(let bounds): ["slice": bounds.map(self.value)]
    case .tuple(let items): ["tuple": items.map(self.value)]
    case .dictionary(let items): ["dict": items.map { ["\($0.key)", self.value($0.value)] as [Any] }]
    case .submodule(let path): ["str": path]
    case .opaque(let text): ["generator": text]
    }
  }

  /// The arguments whose metadata has changed.
  func changedArguments(_ before: [TensorMetadata]) -> [[String: Any]] {
    zip(arguments.indices, before).compactMap { index, old in
      let tensor = arguments[index]
      let now = TensorMetadata(tensor)
      let resolved = old.sizes.map { mode.shapes.resolve($0) } + old.strides.map { mode.shapes.resolve($0) }
      let unchanged = now == old && resolved == Array(old.sizes) + Array(old.strides)
      return unchanged ? nil : ["arg": index, "tensor": metadata(tensor)]
    }
  }

  private func metadata(_ tensor: FakeTensor) -> [String: Any] {
    var result: [String: Any] = [
      "dtype": tensor.dtype.name, "sizes": tensor.sizes.map(size), "device": "\(tensor.device)",
      "layout": tensor.layout.name, "requires_grad": tensor.requiresGrad,
    ]
    if tensor.layout == .strided {
      result["strides"] = tensor.strides.map(size)
      result["storage_offset"] = size(tensor.storageOffset)
    }
    if tensor.isConjugate { result["is_conj"] = true }
    if tensor.isNegative { result["is_neg"] = true }
    if let index = arguments.firstIndex(where: { $0 === tensor }) {
      result["same"] = index
    } else if let index = arguments.firstIndex(where: { $0.storage == tensor.storage }) {
      result["alias"] = index
    }
    return result
  }

  private func size(_ value: SymInt) -> Any {
    let resolved = mode.shapes.resolve(value)
    return resolved.constant ?? ["symint": expression(mode.shapes.text(of: resolved))]
  }

  private func expression(_ text: String) -> [String: Any] { ["expr": text] }
}
