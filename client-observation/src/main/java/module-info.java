/** What a Docker client does, for Micrometer. */
module dev.fairlead.observation {
    requires transitive dev.fairlead;
    requires transitive micrometer.commons;
    requires transitive micrometer.observation;
    requires static transitive micrometer.core;
    requires static transitive org.jspecify;

    exports dev.fairlead.observation;
}
