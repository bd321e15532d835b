/** What the Docker Engine says and takes, as values: no I/O and no JSON library, only Jackson's annotations. */
module dev.fairlead.model {
    requires transitive com.fasterxml.jackson.annotation;
    requires static transitive org.jspecify;

    exports dev.fairlead.model;

    opens dev.fairlead.model;
}
