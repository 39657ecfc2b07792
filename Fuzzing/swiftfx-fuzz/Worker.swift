import ArgumentParser
import Foundation
import FuzzTargets
import ProcessMemory

/// Tries inputs of one kind, one after the other, in this process.
struct Worker {
  let kind: FuzzKind
  let command: SwiftFXFuzz
  let progress: Progress

  init(_ kind: FuzzKind, _ command: SwiftFXFuzz, progress path: String) throws {
    guard let progress = Progress(path: path) else { throw ValidationError("'\(path)' cannot be mapped") }
    (self.kind, self.command, self.progress) = (kind, command, progress)
  }

  func run() {
    limitMemory()
    watch()
    let end = command.seconds.map { ContinuousClock.now + .seconds($0) }
    var number = command.first
    while command.count.map({ number < command.first + $0 }) ?? true {
      if let end, ContinuousClock.now >= end { break }
      progress[.current] = number + 1
      // The first input of a process loads tables that no later one loads again.
      attempt(number, notesMemory: number != command.first)
      progress[.current] = 0
      progress[.finished] += 1
      number += 1
      // What allocators keep of old inputs would hide what a new one takes.
      if ProcessMemory.resident > 1 << 30 { break }
    }
  }

  private func attempt(_ number: UInt64, notesMemory: Bool) {
    let bytes = FuzzKind.bytes(seed: command.seed, number: number)
    ProcessMemory.resetPeak()
    let (before, start) = (ProcessMemory.resident, Self.processorMicroseconds)
    let size = kind(bytes)
    let time = Self.processorMicroseconds - start
    let added = UInt64(max(0, ProcessMemory.peak - before))
    progress[.bytes] += UInt64(size)
    if notesMemory { progress[.memory] = max(progress[.memory], added) }
    if notesMemory, size >= 1_024 {
      progress[.memoryRatio] = max(progress[.memoryRatio], added * 100 / UInt64(size))
    }
    if time > progress[.longest] { (progress[.longest], progress[.longestNumber]) = (time, number) }
  }

  private static var processorMicroseconds: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1_000
  }

  private func limitMemory() {
    guard command.memory > 0 else { return }
    var limit = rlimit(rlim_cur: rlim_t(command.memory) << 20, rlim_max: rlim_t(command.memory) << 20)
    #if os(Linux)
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
      var none = rlimit(rlim_cur: 0, rlim_max: 0)
      setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    #else
      setrlimit(RLIMIT_AS, &limit)
    #endif
  }

  /// Ends the process when one input takes longer than it may.
  private func watch() {
    let (progress, limit) = (UnsafeProgress(progress), UInt64(command.limit * 1_000_000))
    Thread.detachNewThread {
      let progress = progress.value
      var (last, since): (UInt64, UInt64) = (0, 0)
      while true {
        usleep(100_000)
        let now = Self.processorMicroseconds
        let current = progress[.current]
        if current != last || current == 0 { (last, since) = (current, now) }
        guard current != 0, now - since > limit else { continue }
        progress[.hung] = 1
        _exit(3)
      }
    }
  }
}

/// The mapped words are atomic; a watch-dog that reads an old one looks again.
private struct UnsafeProgress: @unchecked Sendable {
  let value: Progress
  init(_ value: Progress) { self.value = value }
}
