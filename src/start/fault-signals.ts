/**
 * What the system sends for a fault in the process itself, as an access to memory that isn't there. With a listener, as close-with-grace
 * has for all signals, Node takes note and goes on at the same instruction, which fails again: a server whose terminal was
 * closed, and whose exit failed of that, took a whole core for ever. Left alone, they end the process.
 */
export const FAULT_SIGNALS = ['SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGSEGV'] as const
