/** The slicekeep command. */
@org.jspecify.annotations.NullMarked
module io.slicekeep.cli {
    requires static org.jspecify;
    requires io.slicekeep;
    requires io.slicekeep.kms.local;
    requires info.picocli;
    requires com.fasterxml.jackson.core;
    requires me.tongfei.progressbar;

    opens io.slicekeep.cli.command to
            info.picocli;

    provides System.LoggerFinder with
            io.slicekeep.cli.ui.StderrLoggerFinder;
}
