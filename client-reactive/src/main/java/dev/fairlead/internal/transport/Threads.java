package dev.fairlead.internal.transport;

/** For the pipes of processes, which nobody can read without waiting. */
final class Threads {

    private Threads() {}

    static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }
}
