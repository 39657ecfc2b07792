/// Changes of JSON that keep it well-formed.
extension FuzzBytes {
  /// A copy of a sample's program with a few changes.
  mutating func mutatedProgram() -> JSONTree {
    let samples = chance(24) && !FuzzSamples.hostile.isEmpty ? FuzzSamples.hostile : FuzzSamples.archives
    let sample = pick(samples)
    var tree = sample.json
    for _ in 0..<below(5) { mutate(&tree, sample.pool) }
    return tree
  }

  private mutating func mutate(_ tree: inout JSONTree, _ pool: [JSONTree]) {
    let count = tree.count
    var number = below(count)
    let other = tree[below(count)]
    var choices = self
    tree.change(&number) { choices.mutate(value: &$0, other, pool) }
    self = choices
  }

  private mutating func mutate(value: inout JSONTree, _ other: JSONTree, _ pool: [JSONTree]) {
    if chance(24) {
      value = other
      return
    }
    switch value {
    case .word(let word):
      if word == Array("true".utf8) || word == Array("false".utf8) || chance(16) {
        value = .word(Array(pick(["true", "false", "null", "0"]).utf8))
      } else {
        value = chance(64) ? pick(pool) : .word(Array(pick(Hostile.numbers).utf8))
      }
    case .string:
      switch below(4) {
      case 0: value = .string(Array(pick(Hostile.strings).utf8))
      case 1: value = .string(Array(expressionText().utf8))
      default: value = pick(pool)
      }
    case .array(var items):
      if items.isEmpty {
        items = [other]
      } else {
        let at = below(items.count)
        switch below(6) {
        case 0: items.remove(at: at)
        case 1: items.insert(items[at], at: at)
        case 2: items.swapAt(at, below(items.count))
        case 3: items += Array(repeating: items[at], count: 1 << below(7))
        case 4: items.insert(other, at: at)
        default: items.removeSubrange(at...)
        }
      }
      value = .array(items)
    case .object(var entries):
      if entries.isEmpty {
        entries = [(Array(pick(Hostile.strings).utf8), other)]
      } else {
        let (at, second) = (below(entries.count), below(entries.count))
        switch below(5) {
        case 0: entries.remove(at: at)
        case 1: entries.append(entries[at])
        case 2: entries[at].value = entries[second].value
        case 3: entries[at].key = entries[second].key
        default: entries[at].value = other
        }
      }
      value = .object(entries)
    }
  }
}

/// Values that break what was not thought of.
enum Hostile {
  static let integers: [Int] = [
    0, 1, -1, 2, 3, 7, 8, -2, 63, 64, 65, 127, 128, 255, 256, 1 << 16, 1 << 31, (1 << 31) - 1, -(1 << 31),
    1 << 32,
    1 << 53, 1 << 61, 1 << 62, (1 << 62) - 1, .max, .max - 1, .min, .min + 1, 10_000, 1_000_000,
  ]

  static let numbers =
    integers.map(String.init) + [
      "9223372036854775808", "-9223372036854775809", "1e308", "-1e308", "1e400", "1.5", "-0.0", "1e-320",
      "99999999999999999999999999",
    ]

  static let floats: [Double] = [
    0, -0.0, 1, -1, 0.5, .nan, .infinity, -.infinity, 1e300, 1e18, -1e18, .leastNonzeroMagnitude,
  ]

  static let strings = [
    "", "x", "u0", "u1", "u999999999999", "s0", "s77", "self", "output", "getitem", "\\u001b[31m", "\\u0000",
    "\\ud800",
    "../../etc", "s0*s0*s0*s0", "torch.ops.aten.add.Tensor", "torch.ops.aten.unbind.int",
    "torch.ops.higher_order.cond", "_operator.floordiv", "*", "a.b.c", "-", "sum", "reflect", "mean",
    "nearest",
    "cuda:0", "cuda:99999999999", "Infinity", "NaN", "9223372036854775807", "??/", "éé", "\u{202E}x",
  ]
}
