import FakeTensors
import SymbolicExpressions
import SymbolicShapes
import TensorVocabulary

extension FakeTensor {
  /// The bytes of memory of a new tensor with these sizes and strides.
  ///
  /// All elements of the tensor if it is dense, in whatever order of dims; else up to the last element that the
  /// strides reach; 0 for a tensor without elements.
  ///
  /// - Source: `computeStorageNbytes`, `aten/src/ATen/EmptyTensor.cpp`.
  func storageBytes(_ shapes: ShapeEnv) -> SymInt {
    let item = SymInt(dtype.itemSize)
    let elements = shapes.product(sizes)
    if storageOffset == 0, isDense(shapes) { return shapes.mul(elements, item) }
    var extent = shapes.add(storageOffset, 1)
    for (size, stride) in zip(sizes, strides) where size != 1 {
      extent = shapes.add(extent, shapes.mul(shapes.sub(size, 1), stride))
    }
    extent = shapes.withoutLeastOne(extent)
    if sizes.contains(where: { shapes.bound(of: $0).lower < 1 && !shapes.isZero(extent, where: $0) }) {
      extent = shapes.min(extent, shapes.mul(elements, extent))
    }
    return shapes.mul(extent, item)
  }

  /// Whether every stride is the product of the sizes inside it, with the dims in some order.
  private func isDense(_ shapes: ShapeEnv) -> Bool {
    if isContiguousAsWritten(shapes) { return true }
    var waiting = sizes.indices.filter { sizes[$0] != 1 }
    var expected: SymInt = 1
    while !waiting.isEmpty {
      guard let index = waiting.firstIndex(where: { shapes.withoutLeastOne(strides[$0]) == expected }) else {
        return false
      }
      let dim = waiting.remove(at: index)
      expected = shapes.withoutLeastOne(shapes.mul(expected, sizes[dim]))
    }
    return true
  }

  /// Whether the dims are in order and every stride is the next one times its size, without any rewriting.
  private func isContiguousAsWritten(_ shapes: ShapeEnv) -> Bool {
    var expected: SymInt = 1
    for dim in sizes.indices.reversed() {
      guard sizes[dim] == 1 || strides[dim] == expected else { return false }
      if dim > 0 { expected = shapes.mul(expected, sizes[dim]) }
    }
    return true
  }
}
