package dev.fairlead;

import dev.fairlead.core.error.NotFound;
import dev.fairlead.core.transfer.TransferFacts;
import dev.fairlead.internal.Http;
import dev.fairlead.model.BuiltImage;
import dev.fairlead.model.DistributionInspectOptions;
import dev.fairlead.model.ImageInspect;
import dev.fairlead.model.ImagePushOptions;
import dev.fairlead.model.ImageRef;
import dev.fairlead.model.ImageSummary;
import dev.fairlead.model.LoadedImage;
import dev.fairlead.model.OCIDescriptor;
import dev.fairlead.model.PulledImage;
import dev.fairlead.model.PushResult;
import dev.fairlead.model.Pushed;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What came of transfers of images: read from fields of the messages where an Engine has such, else asked for.
 *
 * <p>Engines tell the digest of a pull, and of a push from the containerd image store, and the names that a load has found in sentences
 * only. Those sentences are not understood here. What in them has the form of a digest or a name is taken if the Engine, asked for the
 * image, has just that one.
 */
final class TransferResults {

    private final Images images;
    private final Distribution distribution;

    TransferResults(Images images, Http http) {
        this.images = images;
        this.distribution = new Distribution(http);
    }

    Mono<PulledImage> pulled(ImageRef reference, TransferFacts facts) {
        return images.inspect(reference.familiar())
                .map(image -> new PulledImage(reference.familiar(), image.id(), digest(reference, image, facts)));
    }

    /** One for each tag; empty when there is none. */
    Mono<List<PulledImage>> pulledTags(ImageRef repository, TransferFacts facts) {
        return Flux.fromIterable(facts.headlines())
                .filter(ImageRef::isTag)
                .map(tag -> tagged(repository, tag))
                .concatMap(reference -> pulled(reference, facts).onErrorComplete(NotFound.class))
                .collectList()
                .filter(found -> !found.isEmpty());
    }

    Mono<Pushed> pushed(ImageRef reference, ImagePushOptions asked, TransferFacts facts) {
        List<PushResult> told = facts.pushed();
        return told.isEmpty()
                ? asked(reference, asked, facts)
                : Mono.just(new Pushed(
                        reference.familiar(), told.get(told.size() - 1).digest()));
    }

    Mono<List<Pushed>> pushedTags(ImageRef repository, ImagePushOptions asked, TransferFacts facts) {
        List<Pushed> told = facts.pushed().stream()
                .filter(result -> !result.tag().isEmpty())
                .map(result -> new Pushed(tagged(repository, result.tag()).familiar(), result.digest()))
                .toList();
        if (!told.isEmpty()) {
            return Mono.just(told);
        }
        return images.list(list -> list.filters(filters -> filters.reference(repository.familiar())))
                .concatMapIterable(ImageSummary::repoTags)
                .map(ImageRef::parse)
                .filter(reference -> reference.repository().equals(repository.repository()))
                .distinct()
                .concatMap(reference -> asked(reference, asked, facts))
                .collectList()
                .filter(found -> !found.isEmpty());
    }

    /** From an Engine that does not tell: it pushes the image as it has it, unless only one platform of it was wanted or is here. */
    private Mono<Pushed> asked(ImageRef reference, ImagePushOptions asked, TransferFacts facts) {
        String name = reference.familiar();
        Mono<String> inRegistry = distribution
                .inspect(name, credentials(asked))
                .mapNotNull(found -> found.descriptor())
                .map(OCIDescriptor::digest)
                .filter(digest -> !digest.isEmpty());
        Mono<String> here = asked.platform() != null || facts.substituted()
                ? Mono.empty()
                : images.inspect(name)
                        .map(image -> digest(reference, image, facts))
                        .filter(digest -> !digest.isEmpty());
        return here.switchIfEmpty(inRegistry).map(digest -> new Pushed(name, digest));
    }

    private static Consumer<DistributionInspectOptions.Builder> credentials(ImagePushOptions asked) {
        return options -> {
            if (!asked.registryAuth().isEmpty()) {
                options.registryAuth(asked.registryAuth());
            }
        };
    }

    static Mono<BuiltImage> built(boolean quiet, TransferFacts facts) {
        String id = facts.imageId().isEmpty() && quiet ? facts.idAlone() : facts.imageId();
        return id.isEmpty() ? Mono.empty() : Mono.just(new BuiltImage(id));
    }

    Mono<List<LoadedImage>> loaded(TransferFacts facts) {
        return Flux.fromIterable(facts.names())
                .concatMap(name -> images.inspect(name)
                        .map(image -> new LoadedImage(TransferFacts.isDigest(name) ? "" : name, image.id()))
                        .onErrorComplete(NotFound.class))
                .collectList()
                .filter(found -> !found.isEmpty());
    }

    /** A plugin's push; empty if the Engine does not tell. */
    static Mono<Pushed> pushedPlugin(String name, TransferFacts facts) {
        return Flux.fromIterable(facts.pushed()).takeLast(1).next().map(result -> new Pushed(name, result.digest()));
    }

    private static ImageRef tagged(ImageRef repository, String tag) {
        return new ImageRef(repository.domain(), repository.path(), tag, "");
    }

    /** The digest by which the registry knows the image; empty where several do and none of them was mentioned. */
    private static String digest(ImageRef reference, ImageInspect image, TransferFacts facts) {
        if (!reference.digest().isEmpty()) {
            return reference.digest();
        }
        Set<String> known = digests(reference, image.repoDigests());
        OCIDescriptor descriptor = image.descriptor();
        if (descriptor != null && known.contains(descriptor.digest())) {
            return descriptor.digest();
        }
        if (known.size() > 1) {
            known.retainAll(facts.digests());
        }
        return known.size() == 1 ? known.iterator().next() : "";
    }

    private static Set<String> digests(ImageRef reference, Collection<String> repoDigests) {
        return repoDigests.stream()
                .map(ImageRef::parse)
                .filter(known -> known.repository().equals(reference.repository()))
                .map(ImageRef::digest)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }
}
