package dev.fairlead.generator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamesTest {

    @ParameterizedTest
    @CsvSource({
        "ID, id",
        "IPAddress, ipAddress",
        "NanoCpus, nanoCpus",
        "CPUShares, cpuShares",
        "one-shot, oneShot",
        "EnableIPv6, enableIpv6",
        "IPv6Gateway, ipv6Gateway",
        "DiffIDs, diffIds",
        "OOMKilled, oomKilled",
        "NCPU, ncpu",
        "NGoroutines, nGoroutines",
        "rx_bytes, rxBytes",
        "os.version, osVersion",
        "X-Registry-Auth, xRegistryAuth"
    })
    void fieldsAreDockersWordsInJavasCase(String json, String java) {
        assertThat(Names.field(json)).isEqualTo(java);
    }

    @ParameterizedTest
    @CsvSource({"unless-stopped, UNLESS_STOPPED", "readOnly, READ_ONLY", "source.local, SOURCE_LOCAL"})
    void constantsAreUpperCase(String value, String java) {
        assertThat(Names.constant(value)).isEqualTo(java);
    }

    @ParameterizedTest
    @CsvSource({
        "labels, label",
        "driverOpts, driverOpt",
        "storageOpt, putStorageOpt",
        "tmpfs, putTmpfs",
        "auxiliaryAddresses, putAuxiliaryAddresses",
        "status, putStatus"
    })
    void addersAreSingularWhereCuttingTheSGivesOne(String map, String adder) {
        assertThat(Names.adder(map)).isEqualTo(adder);
    }
}
