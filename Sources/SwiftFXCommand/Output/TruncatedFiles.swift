import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Files that another process makes shorter while they are mapped.
///
/// Reading behind the new end raises a signal, which would end the process. Zeros are put there instead, which no
/// checksum takes for what was there; whatever else they led to is not told: the command ends with an error.
enum TruncatedFiles {
  private static let seen = Atomic<Bool>(false)

  /// Whether a file became shorter while it was read.
  static var wereRead: Bool { seen.load(ordering: .relaxed) }

  /// Handles the signal from now on, where the system says which page is missing.
  static func survive() {
    #if canImport(Glibc)
      // The handler must find it initialized.
      seen.store(false, ordering: .relaxed)
      var action = sigaction()
      action.sa_flags = SA_SIGINFO
      action.__sigaction_handler.sa_sigaction = { _, info, _ in
        guard let address = info?.pointee._sifields._sigfault.si_addr else { _exit(74) }
        let size = 4_096
        // Bound: an address is less than 2⁶³, and pages are at least this large.
        let page = UnsafeMutableRawPointer(bitPattern: UInt(bitPattern: address) / UInt(size) * UInt(size))
        let flags = MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS
        guard let page, mmap(page, size, PROT_READ, flags, -1, 0) != MAP_FAILED else { _exit(74) }
        TruncatedFiles.seen.store(true, ordering: .relaxed)
      }
      sigaction(SIGBUS, &action, nil)
    #endif
  }
}
