/// Lines that belong together: those of one logger in one process, of one record, or without any prefix.
struct TextBlock {
  var lines: [Int] = []
  var prefix: LogPrefix?
  /// The record whose payload the lines are.
  var record: TraceRecord?
}

/// Sorts the lines of a text into blocks.
///
/// Loggers of several processes, compilations and artifacts write side by side; their prefixes tell them apart.
struct BlockSorter {
  private let text: SourceText
  private(set) var blocks: [TextBlock] = []
  private var blockOfPrefix: [LogPrefix: Int] = [:]
  private var plainBlock: Int?
  private var recordBlock: Int?

  static func blocks(_ text: SourceText) throws(TextError) -> [TextBlock] {
    var sorter = BlockSorter(text: text)
    for line in text.lines.indices { try sorter.add(line) }
    return sorter.blocks
  }

  private init(text: SourceText) { self.text = text }

  private mutating func add(_ line: Int) throws(TextError) {
    let source = text.lines[line]
    if let prefix = source.prefix {
      recordBlock = nil
      if text.bytes[source.bytes].first == UInt8(ascii: "{") {
        var block = TextBlock(prefix: prefix)
        block.record = try TraceRecord(text, line)
        recordBlock = blocks.count
        blocks.append(block)
      } else if let known = blockOfPrefix[prefix] {
        blocks[known].lines.append(line)
      } else {
        blockOfPrefix[prefix] = blocks.count
        blocks.append(TextBlock(lines: [line], prefix: prefix))
      }
      return
    }
    if let recordBlock, text.bytes[source.bytes].first == UInt8(ascii: "\t") {
      return blocks[recordBlock].lines.append(line)
    }
    recordBlock = nil
    if let plainBlock {
      blocks[plainBlock].lines.append(line)
    } else {
      plainBlock = blocks.count
      blocks.append(TextBlock(lines: [line]))
    }
  }
}
