import ExportedPrograms
import FX
import ProgramComparison
import TensorVocabulary
import TestSupport

/// Changes of what was recorded for nodes.
extension ProgramEdit {
  @Sendable static func otherDtype(_ program: ExportedProgram, _ numbers: inout SplitMix64) -> ProgramEdit? {
    tensorEdit(program, &numbers, .dtype) { tensor in
      tensor.copy(dtype: tensor.dtype == .float64 ? .float32 : .float64)
    }
  }

  @Sendable static func otherSize(_ program: ExportedProgram, _ numbers: inout SplitMix64) -> ProgramEdit? {
    tensorEdit(program, &numbers, .sizes) { tensor in
      guard let size = tensor.sizes.last?.constant, let other = RecordedInt(size + 1) else { return nil }
      return tensor.copy(sizes: Array(tensor.sizes.dropLast()) + [other])
    }
  }

  @Sendable static func otherStride(_ program: ExportedProgram, _ numbers: inout SplitMix64) -> ProgramEdit? {
    tensorEdit(program, &numbers, .strides) { tensor in
      guard let stride = tensor.strides?.last?.constant, let other = RecordedInt(stride + 7) else {
        return nil
      }
      return tensor.copy(strides: Array((tensor.strides ?? []).dropLast()) + [other])
    }
  }

  @Sendable static func otherDevice(_ program: ExportedProgram, _ numbers: inout SplitMix64) -> ProgramEdit? {
    tensorEdit(program, &numbers, .device) { tensor in
      guard let device = tensor.device else { return nil }
      var other = tensor
      other.device = device == .cpu ? Device(.cuda, index: 3) : .cpu
      return other
    }
  }

  @Sendable static func otherNumber(_ program: ExportedProgram, _ numbers: inout SplitMix64) -> ProgramEdit? {
    valueEdit(program, &numbers, .value) { value in
      switch value {
      case .symInt: RecordedInt(123_456).map { .symInt($0) }
      case .symBool: .bool(true)
      default: nil
      }
    }
  }

  private static func tensorEdit(
    _ program: ExportedProgram, _ numbers: inout SplitMix64, _ field: ProgramDifference.Field,
    _ change: (RecordedTensor) -> RecordedTensor?
  ) -> ProgramEdit? {
    valueEdit(program, &numbers, field) { value in
      if case .tensor(let tensor) = value { change(tensor).map { .tensor($0) } } else { nil }
    }
  }

  /// Changes what was recorded for a call that binds no symbol.
  private static func valueEdit(
    _ program: ExportedProgram, _ numbers: inout SplitMix64, _ field: ProgramDifference.Field,
    _ change: (RecordedValue) -> RecordedValue?
  ) -> ProgramEdit? {
    func value(_ place: Place) -> RecordedValue? {
      guard [.placeholder, .callFunction].contains(place.graph.op(of: place.node)) else { return nil }
      return program.recordedValues[place.path]?.value(of: place.node, in: place.graph).flatMap(change)
    }
    let place = place(in: program, &numbers) { place in
      value(place) != nil && !bindsSymbol(place.node, place.graph)
        && (field != .value || place.graph.op(of: place.node) == .callFunction)
    }
    guard let place, let new = value(place), let recorded = program.recordedValues[place.path] else {
      return nil
    }
    var values = RecordedValues()
    values.omissions = recorded.omissions
    for node in place.graph.nodes {
      values.record(
        node == place.node ? new : recorded.value(of: node, in: place.graph), for: node, in: place.graph)
    }
    var result = program
    result.recordedValues[place.path] = values
    var expected = ReportedChanges()
    expected.changed[place.name] = [field]
    return ProgramEdit(
      name: "\(field) of \(place.name)", program: result, expected: expected,
      touchesAssert: place.touchesAssert)
  }

  /// Symbols that a call binds are aligned by its value.
  private static func bindsSymbol(_ node: Node, _ graph: Graph) -> Bool {
    let text = graph.target(of: node).text
    return ["item", "_local_scalar_dense", "sym_size", "nonzero", "unique", "masked_select"].contains {
      text.contains($0)
    }
  }
}

extension RecordedTensor {
  fileprivate func copy(
    dtype: ScalarType? = nil, sizes: [RecordedInt]? = nil, strides: [RecordedInt]? = nil
  ) -> RecordedTensor? {
    guard let device, let old = self.strides else { return nil }
    return RecordedTensor(
      dtype: dtype ?? self.dtype, sizes: sizes ?? Array(self.sizes), strides: strides ?? Array(old),
      storageOffset: storageOffset, device: device, layout: layout, requiresGrad: requiresGrad)
  }
}
