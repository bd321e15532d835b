/** Values: what the Engine says and takes. No I/O. */
module dev.fairlead.model {
    requires com.fasterxml.jackson.annotation;
    requires static transitive org.jspecify;

    exports dev.fairlead.model;
}
