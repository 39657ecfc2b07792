import SwiftFX

/// Synthetic programs shaped like models.
extension SyntheticFamily {
  /// A chain of elementwise operators on one tensor with two symbolic sizes.
  public static let elementwise = SyntheticFamily("elementwise") { nodes, builder in
    let x = builder.input("x", [builder.size("s0", 8), builder.size("s1", 32), 64])
    var value = x
    repeat {
      value = builder.aten("relu.default", .node(value))
      value = builder.aten("add.Tensor", .node(value), .node(x))
      value = builder.aten("mul.Tensor", .node(value), 2)
      value = builder.aten("sigmoid.default", .node(value))
    } while builder.nodeCount < nodes
    builder.result = value
  }

  /// Transformer blocks, attention and MLP, with symbolic batch and sequence sizes.
  public static let transformer = SyntheticFamily("transformer") { nodes, builder in
    let (heads, width) = (4, 64)
    let (batch, length) = (builder.size("s0", 2), builder.size("s1", 16))
    var value = builder.input("x", [batch, length, SymInt(width)])
    let square = builder.input("square", [SymInt(width), SymInt(width)])
    let (up, down) = (
      builder.input("up", [SymInt(4 * width), SymInt(width)]),
      builder.input("down", [SymInt(width), SymInt(4 * width)])
    )
    let lengths = [0, 1].map { builder.aten("sym_size.int", .node(value), .int($0)) }
    repeat {
      let normal = builder.aten("layer_norm.default", .node(value), .list([.int(width)]))
      let parts = (0..<3).map { _ in
        let product = builder.aten("linear.default", .node(normal), .node(square))
        let split = builder.aten(
          "view.default", .node(product),
          .list([.node(lengths[0]), .node(lengths[1]), .int(heads), .int(width / heads)]))
        return builder.aten("transpose.int", .node(split), 1, 2)
      }
      let attended = builder.aten(
        "scaled_dot_product_attention.default", .node(parts[0]), .node(parts[1]), .node(parts[2]))
      let back = builder.aten("transpose.int", .node(attended), 1, 2)
      let joined = builder.aten(
        "reshape.default", .node(back), .list([.node(lengths[0]), .node(lengths[1]), .int(width)]))
      let mixed = builder.aten("linear.default", .node(joined), .node(square))
      value = builder.aten("add.Tensor", .node(value), .node(mixed))
      let again = builder.aten("layer_norm.default", .node(value), .list([.int(width)]))
      let wide = builder.aten("linear.default", .node(again), .node(up))
      let active = builder.aten("gelu.default", .node(wide))
      let narrow = builder.aten("linear.default", .node(active), .node(down))
      value = builder.aten("add.Tensor", .node(value), .node(narrow))
    } while builder.nodeCount < nodes
    builder.result = value
  }

  /// Blocks that select the rows where a condition holds: each creates an unbacked symbol, which the program
  /// binds under its own name, and a runtime assert.
  public static let dataDependent = SyntheticFamily("data dependent") { nodes, builder in
    let x = builder.input("x", [builder.size("s0", 100), 16])
    let rows = builder.aten("sym_size.int", .node(x), 0)
    var block = 0
    repeat {
      let column = builder.aten("select.int", .node(x), 1, .int(block % 16))
      let mask = builder.aten("gt.Scalar", .node(column), .int(block))
      let places = builder.aten("nonzero.default", .node(mask))
      builder.bind("u\(block)", to: places, dim: 0)
      let index = builder.aten("squeeze.dim", .node(places), 1)
      let picked = builder.aten("index.Tensor", .node(x), .list([.node(index)]))
      let count = builder.aten("sym_size.int", .node(picked), 0)
      builder.assert(builder.python("_operator.ge", .node(count), 0))
      builder.assert(builder.python("_operator.le", .node(count), .node(rows)))
      builder.result = builder.aten("cumsum.default", .node(picked), 0)
      block += 1
    } while builder.nodeCount < nodes
  }
}
