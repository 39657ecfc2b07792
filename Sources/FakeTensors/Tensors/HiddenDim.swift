public import SymbolicShapes

/// A dim that a tensor has in memory and does not show, because `torch.vmap` maps over it.
///
/// Source: `BatchedTensorImpl`, `aten/src/ATen/functorch/BatchedTensorImpl.h`.
public struct HiddenDim: Sendable {
  /// The number of the map, from 1; inner maps have higher numbers.
  public let level: Int
  /// The number of elements.
  public let size: SymInt
  /// The distance between neighbours, in elements.
  public let stride: SymInt

  /// Creates a dim that a map hides.
  public init(level: Int, size: SymInt, stride: SymInt) {
    self.level = level
    self.size = size
    self.stride = stride
  }
}

extension FakeTensor {
  /// The dims that maps hide, outer maps first.
  public var hiddenDims: [HiddenDim] {
    get { knowledge?.hiddenDims ?? [] }
    set {
      let knowledge = self.knowledge ?? TensorKnowledge()
      knowledge.hiddenDims = newValue.sorted { $0.level < $1.level }
      self.knowledge = knowledge
    }
  }

  /// Whether a map hides a dim.
  var isBatched: Bool { knowledge?.hiddenDims.isEmpty == false }
}

extension FakeTensorMode {
  /// Gives `result` the hidden dims of all `sources`, outermost in memory.
  public func hideDims(of sources: [FakeTensor], in result: FakeTensor) {
    var dims: [Int: SymInt] = [:]
    for dim in sources.flatMap(\.hiddenDims) where dims[dim.level] == nil { dims[dim.level] = dim.size }
    if dims.isEmpty { return }
    var stride = shapes.product(result.sizes.map(shapes.geometry.atLeastOne))
    var hidden: [HiddenDim] = []
    for (level, size) in dims.sorted(by: { $0.key > $1.key }) {
      hidden.append(HiddenDim(level: level, size: size, stride: stride))
      stride = shapes.product([stride, shapes.geometry.atLeastOne(size)])
    }
    result.hiddenDims = hidden
  }
}
