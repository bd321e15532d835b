/** What any client of the Engine needs, whatever it does its I/O with. */
@SuppressWarnings("module") // dev.fairlead is built after this module, so javac can't see it yet.
module dev.fairlead.core {
    requires transitive dev.fairlead.model;
    requires tools.jackson.databind;
    requires static transitive org.jspecify;

    exports dev.fairlead.core;
    exports dev.fairlead.core.error;
    exports dev.fairlead.core.host;
    exports dev.fairlead.core.ignore;
    exports dev.fairlead.core.proxy;
    exports dev.fairlead.core.ssh;
    exports dev.fairlead.core.tar;
    exports dev.fairlead.core.tls;
    exports dev.fairlead.core.version;
    exports dev.fairlead.core.auth to
            dev.fairlead;
    exports dev.fairlead.core.context to
            dev.fairlead;
    exports dev.fairlead.core.http to
            dev.fairlead;
    exports dev.fairlead.core.json to
            dev.fairlead;
    exports dev.fairlead.core.transfer to
            dev.fairlead;
    exports dev.fairlead.core.wire to
            dev.fairlead;
}
