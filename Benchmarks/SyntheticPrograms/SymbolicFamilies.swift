import SwiftFX

/// Programs that stress symbolic arithmetic, some of them from issues reported to PyTorch.
extension SyntheticFamily {
  /// The number of terms in the sums of ``floorDivisions``.
  public static let floorDivisionsInSum = 1_000

  /// Sums of floor divisions of one size by different numbers, and a tensor as long as each sum.
  public static let floorDivisions = SyntheticFamily("floor divisions") { nodes, builder in
    let x = builder.input("x", [builder.size("s0", 1_000_000)])
    let size = builder.aten("sym_size.int", .node(x), 0)
    var divisor = 2
    repeat {
      let terms = min(floorDivisionsInSum, max(2, nodes - builder.nodeCount - 2))
      var quotients: [Node.Argument] = []
      for _ in 0..<terms {
        quotients.append(.node(builder.python("_operator.floordiv", .node(size), .int(divisor))))
        divisor += 1
      }
      let sum = builder.python("torch.sym_sum", .list(quotients))
      builder.result = builder.aten("new_empty.default", .node(x), .list([.node(sum)]))
    } while builder.nodeCount < nodes
  }

  /// The number of symbols that ``wideSum`` adds.
  public static let symbolsInWideSum = 100

  /// Strided slices of a tensor whose length is a sum of a hundred sizes: floor divisions of that sum.
  public static let wideSum = SyntheticFamily("wide sum") { nodes, builder in
    let parts = (0..<symbolsInWideSum).map { index in
      builder.input("x\(index)", [builder.size("s\(index)", 10 + index)])
    }
    let joined = builder.aten("cat.default", .list(parts.map { .node($0) }))
    let length = builder.aten("sym_size.int", .node(joined), 0)
    var divisor = 2
    repeat {
      let part = builder.python("_operator.floordiv", .node(length), .int(divisor))
      let wider = builder.python("_operator.add", .node(part), 1)
      builder.result = builder.aten("new_empty.default", .node(joined), .list([.node(wider), 4]))
      divisor += 1
    } while builder.nodeCount < nodes
  }

  /// Conditions on one input size, each of which becomes a guard.
  public static let guardsOnOneDim = SyntheticFamily("guards on one dim") { nodes, builder in
    let x = builder.input("x", [builder.size("s0", 1_000_000_007)])
    let size = builder.aten("sym_size.int", .node(x), 0)
    var number = 5
    repeat {
      builder.assert(builder.python("_operator.ne", .node(size), .int(number)))
      number += 1
    } while builder.nodeCount < nodes
    builder.result = x
  }

  /// Conditions on unbacked values, each of which becomes a deferred runtime assert.
  public static let deferredAsserts = SyntheticFamily("deferred asserts") { nodes, builder in
    let x = builder.input("x", [], .int64)
    let y = builder.input("y", [], .int64)
    let (u, v) = (builder.aten("item.default", .node(x)), builder.aten("item.default", .node(y)))
    var number = 5
    repeat {
      builder.assert(builder.python("_operator.ne", .node(u), .int(number)))
      let sum = builder.python("_operator.add", .node(v), .int(number))
      builder.assert(builder.python("_operator.ne", .node(u), .node(sum)))
      number += 1
    } while builder.nodeCount < nodes
    builder.result = x
  }
}
