package dev.fairlead.samples;

import dev.fairlead.DockerClient;
import dev.fairlead.RegistryCredentials;

/** An image from a registry that wants to know who asks. */
final class PrivateImage {

    private PrivateImage() {}

    /**
     * Pulls an image, if it is not there.
     *
     * @param arguments the image, and a user and a token for {@code registry.example.com}
     */
    public static void main(String[] arguments) {
        String image = arguments[0];
        String user = arguments[1];
        String token = arguments[2];
        // README
        try (DockerClient docker = DockerClient.create(config -> config.credentials(
                RegistryCredentials.basic("registry.example.com", user, token) // for this one, and for all others
                        .or(RegistryCredentials.fromDockerConfig())))) { // what docker login has left
            docker.images().pullIfMissing(image).block();
        }
        // end
    }
}
