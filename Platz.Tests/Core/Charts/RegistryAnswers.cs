using Microsoft.AspNetCore.Http;
using Platz.Core.Charts;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Charts;

/// <summary>What fake registries answer, and what is expected of the client then.</summary>
internal static class RegistryAnswers
{
    public static byte[] Tgz { get; } = ChartTar.Sound().ToTgz();

    public static byte[] Config { get; } = OciPush.Config("web", "1.0.0");

    public static byte[] Manifest { get; } = OciPush.Manifest(Config, Tgz);

    public static async Task<RegistryException> RefusedAsync(RegistryErrorKind kind, Func<Task> ask)
    {
        var refused = await Assert.ThrowsAsync<RegistryException>(ask);
        Assert.Equal(kind, refused.Kind);
        return refused;
    }

    extension(FakeRegistry server)
    {
        public OciRegistry Client(string path = "") =>
            new(new RegistrySource { Url = $"{server.Root}{path}" }, TimeProvider.System);
    }

    extension(HttpContext context)
    {
        public Task StatusAsync(int status)
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        }

        public Task BytesAsync(byte[] bytes) =>
            context.Response.Body.WriteAsync(bytes, context.RequestAborted).AsTask();

        public Task ManifestAsync(byte[] manifest)
        {
            context.Response.ContentType = OciPush.ManifestType;
            return context.BytesAsync(manifest);
        }

        public Task TagsAsync() => context.Response.WriteAsync("""{"tags":["1.0.0"]}""", context.RequestAborted);

        public Task ChallengeAsync(string challenge)
        {
            context.Response.Headers.WWWAuthenticate = challenge;
            return context.StatusAsync(401);
        }
    }
}
