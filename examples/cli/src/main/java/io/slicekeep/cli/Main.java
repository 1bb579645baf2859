package io.slicekeep.cli;

import io.slicekeep.cli.command.CommandTree;
import io.slicekeep.cli.ui.Shell;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Starts the command, and ends it in good order when it is interrupted. */
public final class Main {
    private static final int CLEANUP_SECONDS = 15;

    private Main() {}

    /**
     * Runs the command and exits.
     *
     * @param args as typed
     */
    public static void main(String[] args) {
        CountDownLatch finished = new CountDownLatch(1);
        cleanUpWhenInterrupted(Thread.currentThread(), finished);
        int status;
        try {
            status = run(Shell.ofProcess(), args);
        } finally {
            finished.countDown();
        }
        System.exit(status);
    }

    /**
     * Runs the command.
     *
     * @param shell its streams and environment
     * @param args as typed
     * @return the exit status
     */
    public static int run(Shell shell, String... args) {
        return CommandTree.execute(shell, args);
    }

    /** On Ctrl-C: interrupts the command, and lets the process end only when it has removed what it was writing. */
    private static void cleanUpWhenInterrupted(Thread command, CountDownLatch finished) {
        Thread cleanup = new Thread(
                () -> {
                    if (finished.getCount() > 0) {
                        command.interrupt();
                        await(finished);
                    }
                },
                "cleanup");
        Runtime.getRuntime().addShutdownHook(cleanup);
    }

    private static void await(CountDownLatch finished) {
        try {
            if (!finished.await(CLEANUP_SECONDS, TimeUnit.SECONDS)) {
                System.getLogger(Main.class.getName())
                        .log(System.Logger.Level.WARNING, "stopped before everything was cleaned up");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
