import Foundation
import Synchronization

/// What a worker tells its supervisor through a file that both map, so that it survives a trap.
struct Progress {
  /// A number of the report.
  enum Slot: Int, CaseIterable {
    /// One more than the number of the input that is being tried; 0 between inputs.
    case current
    case finished
    /// The bytes of all inputs.
    case bytes
    /// The most memory that an input of at least 1 KB added, in hundredths of a byte for each of its bytes.
    case memoryRatio
    /// The most memory that one input added, in bytes.
    case memory
    /// The longest time that an input took, in microseconds, and its number.
    case longest, longestNumber
    /// 1 when the watch-dog ended the process.
    case hung
  }

  /// The watch-dog reads them on a thread of its own.
  private let words: UnsafeMutablePointer<Atomic<UInt64>>

  /// Maps the file at `path`; `nil` if that fails.
  init?(path: String) {
    let length = Slot.allCases.count * MemoryLayout<UInt64>.stride
    let file = open(path, O_RDWR | O_CREAT, 0o600)
    guard file >= 0, ftruncate(file, off_t(length)) == 0 else { return nil }
    defer { close(file) }
    guard let memory = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), memory != MAP_FAILED
    else {
      return nil
    }
    words = memory.bindMemory(to: Atomic<UInt64>.self, capacity: Slot.allCases.count)
  }

  subscript(slot: Slot) -> UInt64 {
    get { words[slot.rawValue].load(ordering: .relaxed) }
    nonmutating set { words[slot.rawValue].store(newValue, ordering: .relaxed) }
  }
}
